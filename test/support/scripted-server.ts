import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApiAccess } from '../../src/reflector/api-access.ts'

/** What is answered, in the order of the requests. */
export interface ScriptedAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** JSON, or text as it stands. */
  readonly body?: object | string
}

/** `PUT /api/v1/…`, and what was sent with it. */
interface ScriptedRequest {
  readonly line: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Answers what a test has written down; what is not there is never answered. */
export class ScriptedServer implements AsyncDisposable {
  readonly requests: ScriptedRequest[] = []
  /** What `connect` was told each time. */
  readonly connects: ('refused' | undefined)[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(...answers: readonly ScriptedAnswer[]): Promise<ScriptedServer> {
    const server = createServer()
    const scripted = new ScriptedServer(server)
    server.on('request', (request, response) => {
      const answer = answers[scripted.requests.length]
      const entry = { line: `${request.method} ${request.url}`, headers: request.headers, body: '' }
      scripted.requests.push(entry)
      request.on('data', (chunk: Buffer) => (entry.body += chunk.toString()))
      request.on('end', () => {
        if (!answer) return
        const { status, headers, body = '' } = answer
        response.writeHead(status, { 'content-type': 'application/json', ...headers })
        response.end(typeof body === 'string' ? body : JSON.stringify(body))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return scripted
  }

  get access(): ApiAccess {
    const server = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    const base = new URL(server)
    return {
      server,
      connect: async last => {
        this.connects.push(last)
        return { base, options: { headers: { authorization: 'Bearer hush' } } }
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
