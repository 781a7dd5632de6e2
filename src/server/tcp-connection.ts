import type { Socket } from 'node:net'
import { tcpPayloadBytes } from '../dns/edns.ts'
import { Flag2, headerBytes, readUint16 } from '../dns/header.ts'
import type { ReplySpace } from '../answers/table-answers.ts'
import { type Origin, pending, type QueryPipeline } from './query-pipeline.ts'
import type { ConnectionLimits } from './serving-protocol.ts'

/**
 * What holds where `timeouts` says nothing. Idle is CoreDNS's value; RFC 7766 §6.2.3 asks for seconds. `readMs` is from the
 * first byte of a message to its last, however slowly they come.
 */
const usual = { idleMs: 10_000, readMs: 2000, maxQueries: Number.POSITIVE_INFINITY }
/** Replies that the client has not read: above the first we stop reading, above the second we hang up. */
const pauseAtBytes = 64 << 10
const destroyAtBytes = 1 << 20

/** What answers on a connection. */
export interface ConnectionServing extends Pick<Origin, 'router' | 'transport'> {
  readonly pipeline: QueryPipeline
  readonly limits: ConnectionLimits
}

/** Replies are built here, then copied behind their length: one thread builds one at a time. */
const scratch: ReplySpace = { bytes: new Uint8Array(tcpPayloadBytes), limitBytes: tcpPayloadBytes }

const noBytes = Buffer.alloc(0)

/**
 * One client's connection: messages with a two-byte length in front, any number of them, answered as they come and
 * perhaps out of order. RFC 1035 §4.2.2, RFC 7766 §6.2.
 */
export class TcpConnection {
  readonly #socket: Socket
  readonly #serving: () => ConnectionServing
  readonly #origin: { -readonly [Key in keyof Origin]: Origin[Key] }
  #pending: Buffer = Buffer.alloc(0)
  #messageTimer: NodeJS.Timeout | undefined
  #writeTimer: NodeJS.Timeout | undefined
  #queriesLeft: number
  #outstanding = 0
  #hasEnded = false

  private constructor(socket: Socket, serving: () => ConnectionServing) {
    this.#socket = socket
    this.#serving = serving
    const { router, transport, limits } = serving()
    this.#queriesLeft = limits.maxQueries ?? usual.maxQueries
    const family = socket.remoteFamily === 'IPv6' ? 'IPv6' : 'IPv4'
    this.#origin = {
      router,
      transport,
      client: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0, family },
      server: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
      send: (reply, length) => this.#write(reply, length),
      done: () => {
        this.#outstanding--
        this.#closeIfDone()
      },
      drained: () => this.#drained(),
    }
  }

  /** `serving` says what answers now: it changes while connections last. */
  static serve(socket: Socket, serving: () => ConnectionServing): void {
    const connection = new TcpConnection(socket, serving)
    socket.on('error', () => socket.destroy())
    socket.on('data', chunk => connection.#receive(chunk))
    socket.on('end', () => connection.#end())
    socket.on('drain', () => connection.#resume())
    socket.once('close', () => {
      clearTimeout(connection.#messageTimer)
      clearTimeout(connection.#writeTimer)
    })
    socket.setTimeout(serving().limits.idleMs ?? usual.idleMs, () => socket.destroy())
  }

  #receive(chunk: Buffer): void {
    if (this.#queriesLeft === 0) return
    if (chunk.length > 0)
      this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    for (;;) {
      if (this.#socket.destroyed || this.#socket.isPaused() || this.#pending.length < 2) break
      const length = readUint16(this.#pending, 0)
      // Less than a header, or a reply sent to us: not a DNS client, and nothing can be told it.
      if (length < headerBytes) return void this.#socket.destroy()
      if (this.#pending.length < 2 + length) break
      const message = this.#pending.subarray(2, 2 + length)
      this.#pending = this.#pending.subarray(2 + length)
      if ((message[2]! & Flag2.qr) !== 0) return void this.#socket.destroy()
      this.#answer(message)
      if (--this.#queriesLeft === 0) return this.#endAfterLast()
    }
    this.#watchMessage()
    this.#closeIfDone()
  }

  /** The client has read what it was sent: first the queries that wait here, then the ones that wait in the kernel. */
  #resume(): void {
    clearTimeout(this.#writeTimer)
    this.#socket.resume()
    this.#receive(noBytes)
    this.#closeIfDone()
  }

  /** The message's deadline runs from its first byte, so that trickled bytes do not prolong it. */
  #watchMessage(): void {
    if (this.#pending.length === 0 || this.#socket.isPaused()) {
      clearTimeout(this.#messageTimer)
      this.#messageTimer = undefined
    } else {
      const { readMs = usual.readMs } = this.#serving().limits
      this.#messageTimer ??= setTimeout(() => this.#socket.destroy(), readMs)
    }
  }

  #answer(message: Buffer): void {
    const { pipeline, router } = this.#serving()
    this.#origin.router = router
    const length = pipeline.answer(message, scratch, this.#origin)
    if (length === pending) this.#outstanding++
    else if (length > 0) this.#write(scratch.bytes, length)
  }

  #write(reply: Uint8Array, length: number): void {
    const socket = this.#socket
    if (socket.destroyed || !socket.writable) return
    const framed = Buffer.allocUnsafe(2 + length)
    framed.writeUInt16BE(length, 0)
    framed.set(reply.subarray(0, length), 2)
    socket.write(framed)
    if (socket.writableLength > destroyAtBytes) socket.destroy()
    else if (socket.writableLength > pauseAtBytes) this.#pause()
  }

  /** Waits for the client to read, which is not for ever. */
  #pause(): void {
    const { writeMs } = this.#serving().limits
    this.#socket.pause()
    clearTimeout(this.#writeTimer)
    if (writeMs !== undefined) this.#writeTimer = setTimeout(() => this.#socket.destroy(), writeMs)
  }

  /** That was the last query of this connection: the replies that are due still go out, what comes in is dropped. */
  #endAfterLast(): void {
    this.#pending = noBytes
    clearTimeout(this.#messageTimer)
    const { idleMs = usual.idleMs } = this.#serving().limits
    this.#messageTimer = setTimeout(() => this.#socket.destroy(), idleMs)
    this.#end()
  }

  #drained(): Promise<void> | undefined {
    const socket = this.#socket
    if (socket.destroyed || socket.writableLength <= pauseAtBytes) return undefined
    return new Promise(resolve => {
      const settle = (): void => {
        socket.off('drain', settle)
        socket.off('close', settle)
        resolve()
      }
      socket.on('drain', settle)
      socket.on('close', settle)
    })
  }

  #end(): void {
    this.#hasEnded = true
    this.#closeIfDone()
  }

  #closeIfDone(): void {
    // Queries that wait for the client to read are not done.
    if (this.#hasEnded && this.#outstanding === 0 && !this.#socket.isPaused()) this.#socket.end()
  }
}
