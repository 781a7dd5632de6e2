import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where to listen. `host` is an address or a name; empty for every address of the machine. */
export interface HttpAddress {
  readonly host: string
  readonly port: number
}

/** What is served below one path. */
export interface Page {
  readonly address: HttpAddress
  /** `/metrics` */
  readonly path: string
  readonly answer: () => PageReply | Promise<PageReply>
}

export interface PageReply {
  readonly status: number
  readonly body: string
  readonly contentType?: string
}

/** Probes and scrapers are few and short; whoever else comes shall not hold anything. */
const limits = { requestTimeout: 5000, headersTimeout: 5000, keepAliveTimeout: 5000 }
const maxConnections = 256

/** A small HTTP server at one address: GET and HEAD of a few pages. */
export class HttpListener {
  readonly #server: Server
  #pages: readonly Page[]

  private constructor(pages: readonly Page[]) {
    this.#pages = pages
    this.#server = createServer(limits, (request, response) => {
      void this.#answer(request, response)
    })
    this.#server.maxConnections = maxConnections
  }

  /** Binds to the address that all pages have; rejects with an error that names it. */
  static async open(pages: readonly Page[]): Promise<HttpListener> {
    const listener = new HttpListener(pages)
    const server = listener.#server
    const { address } = pages[0]!
    // One address on every machine: what /etc/hosts says first may be ::1, where no scraper comes.
    const host = address.host === 'localhost' ? '127.0.0.1' : address.host
    server.listen({ port: address.port, ...(host !== '' && { host }) })
    try {
      await once(server, 'listening')
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const paths = pages.map(({ path }) => path).join(', ')
      throw Object.assign(
        new Error(`Cannot serve ${paths} on ${renderAddress(address)}: ${message}`, {
          cause: error,
        }),
        { code },
      )
    }
    server.on('error', () => {
      // accept() failed for one connection (out of descriptors, say): the next one may succeed.
    })
    server.on('clientError', (_error, socket) => socket.destroy())
    return listener
  }

  get pages(): readonly Page[] {
    return this.#pages
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** From the next request on, these answer. */
  serve(pages: readonly Page[]): void {
    this.#pages = pages
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, contentType = 'text/plain; charset=utf-8' } = await this.#reply(request)
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      ...(status === 405 && { allow: 'GET, HEAD' }),
    })
    response.end(body)
  }

  async #reply({ method, url = '' }: IncomingMessage): Promise<PageReply> {
    const path = url.split('?', 1)[0]
    const page = this.#pages.find(page => page.path === path)
    if (!page) return { status: 404, body: 'Not Found\n' }
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'Method Not Allowed\n' }
    try {
      return await page.answer()
    } catch (error) {
      // Whoever asked is who can tell the operator.
      return { status: 500, body: `${(error as Error).message}\n` }
    }
  }
}

/** `127.0.0.1:8080`, `[::1]:8080`, `:8080` */
export function renderAddress({ host, port }: HttpAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
