import { once } from 'node:events'
import * as https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import type { Certified } from './certificate-authority.ts'

/** An OpenID Connect provider that renews tokens and keeps to the same refresh token, as many do. */
export async function identityProvider(
  t: Test,
  certified: Certified,
): Promise<{ issuer: string; refreshed: string[]; token(endsInSeconds: number): string }> {
  const refreshed: string[] = []
  let issuer = ''
  const token = (endsInSeconds: number): string => {
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: 'signpost', sub: 'jane', iat: now, exp: now + endsInSeconds }
    return [{ alg: 'RS256', number: refreshed.length }, claims, 'signature']
      .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
  }
  const server = https.createServer(certified, (request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url?.startsWith('/.well-known/') === true) {
      const jwks_uri = `${issuer}/keys`
      response.end(JSON.stringify({ issuer, token_endpoint: `${issuer}/token`, jwks_uri }))
      return
    }
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      refreshed.push(new URLSearchParams(body).get('refresh_token') ?? '')
      const id_token = token(3600)
      response.end(
        JSON.stringify({ access_token: 'a', token_type: 'bearer', expires_in: 3600, id_token }),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { issuer, refreshed, token }
}
