import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server of 127.0.0.1 that can be cut and mended while the server goes on. */
export class SeverableProxy implements AsyncDisposable {
  readonly #target: number
  readonly #server = createServer({ allowHalfOpen: true }, socket => this.#join(socket))
  readonly #sockets = new Set<Socket>()
  #isSevered = false

  private constructor(target: number) {
    this.#target = target
  }

  /** `server` as `https://127.0.0.1:20443`. */
  static async start(server: string): Promise<SeverableProxy> {
    const proxy = new SeverableProxy(Number(new URL(server).port))
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  /** The same server, by this way. */
  get server(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Breaks all connections and lets none through. */
  sever(): void {
    this.#isSevered = true
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Waits until somebody tries to get through. */
  async isTried(): Promise<void> {
    await once(this.#server, 'connection')
  }

  mend(): void {
    this.#isSevered = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.sever()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(socket: Socket): void {
    if (this.#isSevered) {
      socket.destroy()
      return
    }
    const onward = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true })
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
  }
}
