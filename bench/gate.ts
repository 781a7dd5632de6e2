import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server of 127.0.0.1 that can be shut: who comes then waits, and goes on in the moment when it is opened. */
export class Gate implements AsyncDisposable {
  readonly #target: number
  readonly #server = createServer({ allowHalfOpen: true }, socket => this.#meet(socket))
  readonly #sockets = new Set<Socket>()
  readonly #waiting = new Set<Socket>()
  #isShut = false

  private constructor(target: number) {
    this.#target = target
  }

  /** `server` as `https://127.0.0.1:20443`. */
  static async start(server: string): Promise<Gate> {
    const gate = new Gate(Number(new URL(server).port))
    gate.#server.listen(0, '127.0.0.1')
    await once(gate.#server, 'listening')
    return gate
  }

  /** The same server, by this way. */
  get server(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** How many stand before it. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Breaks all connections. */
  shut(): void {
    this.#isShut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  open(): void {
    this.#isShut = false
    for (const socket of this.#waiting) this.#join(socket)
    this.#waiting.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #meet(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.#waiting.delete(socket)
    })
    if (this.#isShut) this.#waiting.add(socket)
    else this.#join(socket)
  }

  #join(socket: Socket): void {
    const onward = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true })
    onward.on('error', () => socket.destroy())
    onward.on('close', () => socket.destroy())
    socket.on('close', () => onward.destroy())
    socket.pipe(onward).pipe(socket)
  }
}
