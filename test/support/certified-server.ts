import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { CertificateSource } from '../../src/admission/certificate-source.ts'

/** The least that serves what a source says, and goes on with its connections when that changes. */
export class CertifiedServer implements AsyncDisposable {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(source: CertificateSource): Promise<CertifiedServer> {
    const server = createServer({ ...source.current(), keepAliveTimeout: 120_000 })
    server.on('request', (_, response) => response.end('{}'))
    source.onChange(certificate => server.setSecureContext(certificate))
    server.listen(0, '127.0.0.1')
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
}
