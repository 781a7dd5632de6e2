import { once } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Test } from 'tap'
import type { ApiAccess } from '../../src/reflector/api-access.ts'

/** What an API server learns of who asks it. */
interface Asked {
  readonly path: string
  readonly authorization: string | undefined
  readonly headers: http.IncomingHttpHeaders
  /** Common name of the client's certificate. */
  readonly client: string | undefined
}

export interface AskedServerOptions {
  /** None for plain HTTP. */
  readonly tls?: https.ServerOptions
  readonly address?: string
}

export interface AskedServer {
  readonly url: string
  readonly asked: Asked[]
  /** For HTTPS: another certificate, or another authority of clients. */
  present(tls: https.ServerOptions): void
}

/** A server that says what it was asked, and ends with the test. */
export async function askedServer(
  t: Test,
  { tls, address = '127.0.0.1' }: AskedServerOptions = {},
): Promise<AskedServer> {
  const asked: Asked[] = []
  const answer: http.RequestListener = (request, response) => {
    const certificate = tls && (request.socket as TLSSocket).getPeerCertificate()
    const { headers, url: path = '' } = request
    const { authorization } = headers
    asked.push({ path, authorization, headers, client: certificate?.subject?.CN as string })
    response.end()
  }
  const server = tls ? https.createServer(tls, answer) : http.createServer(answer)
  server.listen(0, address)
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = address.includes(':') ? `[${address}]` : address
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${(server.address() as AddressInfo).port}`,
    asked,
    present: options => (server as https.Server).setSecureContext(options),
  }
}

/** A proxy that lets everything through and counts. */
export async function connectProxy(t: Test): Promise<{ url: string; targets: string[] }> {
  const targets: string[] = []
  const proxy = http.createServer()
  proxy.on('connect', (request, client) => {
    targets.push(request.url!)
    const [host, port] = request.url!.split(':')
    const upstream = connect(Number(port), host)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
    upstream.on('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, targets }
}

/** One request on a connection of its own, as a reflector makes them. Resolves with the status, or the code of the error. */
export async function ask(access: ApiAccess, last?: 'refused'): Promise<number | string> {
  const { base, options } = await access.connect(last)
  const { request } = base.protocol === 'https:' ? https : http
  try {
    const sent = request(new URL('/version', base), options).end()
    const [response] = (await once(sent, 'response')) as [http.IncomingMessage]
    response.resume()
    await once(response, 'close')
    return response.statusCode!
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message
  }
}
