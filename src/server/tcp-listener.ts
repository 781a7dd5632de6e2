import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Binding } from './binding.ts'
import type { QueryPipeline } from './query-pipeline.ts'
import { TcpConnection } from './tcp-connection.ts'

/** Connections of one serving thread; beyond, the kernel's queue holds them back. */
const maxConnections = 1024

/** One TCP socket of one serving thread, with its connections. RFC 7766. */
export class TcpListener {
  readonly #server: Server
  readonly #connections = new Set<Socket>()

  private constructor(pipeline: QueryPipeline) {
    // Half-open: a client that has sent its last query and shut its side still waits for the reply.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, socket => {
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
      TcpConnection.serve(socket, pipeline)
    })
    this.#server.maxConnections = maxConnections
  }

  /** Binds, shared with other threads where the system can; rejects with the system's error. */
  static async open(
    binding: Binding,
    { pipeline, reusePort }: { readonly pipeline: QueryPipeline; readonly reusePort: boolean },
  ): Promise<TcpListener> {
    const listener = new TcpListener(pipeline)
    const server = listener.#server
    server.listen({
      host: binding.address,
      port: binding.port,
      ipv6Only: binding.family === 'IPv6',
      reusePort,
      exclusive: true,
    })
    await once(server, 'listening')
    server.on('error', () => {
      // accept() failed for one connection (out of descriptors, say): the next one may succeed.
    })
    return listener
  }

  /** Takes no more connections and ends the ones there are. */
  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#connections) socket.destroy()
    await closed
  }
}
