import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { CertificateSource } from '../../src/admission/certificate-source.ts'

/** The least that serves what a source says, and goes on with its connections when that changes. It allows everything. */
export class CertifiedServer implements AsyncDisposable {
  /** Of an API server. */
  reviews = 0
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request, response) => this.#answer(request, response))
  }

  static async start(source: CertificateSource): Promise<CertifiedServer> {
    const server = createServer({ ...source.current(), keepAliveTimeout: 120_000 })
    source.onChange(certificate => server.setSecureContext(certificate))
    server.listen(0)
    await once(server, 'listening')
    return new CertifiedServer(server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const { request: asked } = JSON.parse(text) as { request?: { uid: string } }
      if (!asked) return response.end('{}')
      // Every fifth time an API server has to make a new connection.
      if (++this.reviews % 5 === 0) response.setHeader('connection', 'close')
      response.setHeader('content-type', 'application/json')
      const answer = { uid: asked.uid, allowed: true }
      const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }
      return response.end(JSON.stringify({ ...review, response: answer }))
    })
  }
}
