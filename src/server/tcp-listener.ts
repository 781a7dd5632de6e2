import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, Server as TlsServer } from 'node:tls'
import { type ConnectionServing, TcpConnection } from './tcp-connection.ts'
import type { TlsConfiguration } from './serving-protocol.ts'
import type { WantedListener } from './thread-listeners.ts'

/** Connections of one serving thread; beyond, the kernel's queue holds them back. */
const maxConnections = 1024
/** Half-open: a client that has sent its last query and shut its side still waits for the reply. */
const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true }

/** One TCP socket of one serving thread, plain or TLS, with its connections. RFC 7766, RFC 7858. */
export class TcpListener {
  readonly #server: Server
  readonly #connections = new Set<Socket>()
  #serving: ConnectionServing

  private constructor(listener: WantedListener) {
    this.#serving = servingOf(listener)
    const accept = (socket: Socket): void => {
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
      TcpConnection.serve(socket, () => this.#serving)
    }
    const { tls } = listener
    this.#server = tls
      ? createTlsServer({ ...socketOptions, ...tlsOptions(tls) }, accept)
      : createServer(socketOptions, accept)
    this.#server.maxConnections = maxConnections
  }

  /** Binds, shared with other threads where the system can; rejects with the system's error. */
  static async open(listener: WantedListener, reusePort: boolean): Promise<TcpListener> {
    const opened = new TcpListener(listener)
    const server = opened.#server
    const { binding } = listener
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
    return opened
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** From the next message on, these answer, on connections that there are too. */
  serve(listener: WantedListener): void {
    this.#serving = servingOf(listener)
    // A certificate that has been renewed is for the connections to come.
    if (listener.tls && this.#server instanceof TlsServer) {
      this.#server.setSecureContext(tlsOptions(listener.tls))
    }
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

function servingOf({ pipeline, router, binding, connections }: WantedListener): ConnectionServing {
  const transport = binding.scheme === 'tls' ? 'tls' : 'tcp'
  return { pipeline, router, transport, limits: connections ?? {} }
}

function tlsOptions({ cert, key, ca, clientAuth }: TlsConfiguration): object {
  return {
    cert,
    key,
    ca,
    ALPNProtocols: ['dot'],
    requestCert: clientAuth !== 'none',
    rejectUnauthorized: clientAuth === 'require',
  }
}
