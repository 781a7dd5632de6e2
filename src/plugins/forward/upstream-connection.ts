import type { Socket } from 'node:net'
import { writeUint16 } from '../../dns/header.ts'
import { encodeQuery } from '../../dns/query-writer.ts'
import { matchReply } from './match-reply.ts'
import {
  errorText,
  type Failure,
  type Outcome,
  type Question,
  timeoutText,
  type Way,
} from './outcome.ts'
import type { RandomIds } from './random-ids.ts'

interface Waiting {
  readonly question: Question
  readonly timer: NodeJS.Timeout
  readonly settle: (outcome: Outcome) => void
}

interface ConnectionOptions {
  /** The server for messages: `8.8.8.8:53`. */
  readonly remote: string
  readonly ids: RandomIds
  readonly nowMs: () => number
  /** No question is open any more. */
  readonly onIdle: (connection: UpstreamConnection) => void
}

const lengthBytes = 2

/** A TCP or TLS connection to an upstream, with any number of questions in flight. Replies come in any order. RFC 7766 §6.2.1.1. */
export class UpstreamConnection {
  readonly createdMs: number
  usedMs: number
  /** True until it is closed, or is left to its last questions because it does not work as it should. */
  isUsable = true
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #waiting = new Map<number, Waiting>()
  #isConnected = false
  #received: Uint8Array = new Uint8Array(0)

  /** `opened` says which event tells that messages can be exchanged. Its 'error' must have a listener already. */
  constructor(socket: Socket, opened: 'connect' | 'secureConnect', options: ConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.createdMs = options.nowMs()
    this.usedMs = this.createdMs
    socket.setNoDelay(true)
    socket.once(opened, () => {
      this.#isConnected = true
    })
    socket.on('data', chunk => this.#read(chunk))
    socket.on('error', error => {
      const kind = this.#isConnected ? 'closed' : 'unreachable'
      this.#end({ kind, text: errorText(error, this.#way()) })
    })
    socket.on('close', () => this.#end({ kind: 'closed', text: 'EOF' }))
  }

  get pending(): number {
    return this.#waiting.size
  }

  ask(question: Question, timeoutMs: number): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const id = this.#freeId()
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer)
      this.#waiting.delete(id)
      this.usedMs = this.#options.nowMs()
      resolve(outcome)
      if (this.#waiting.size === 0) this.#becomeIdle()
    }
    const timer = setTimeout(() => {
      this.isUsable = false
      settle({ kind: 'timeout', text: timeoutText(this.#way()) })
    }, timeoutMs)
    this.#waiting.set(id, { question, timer, settle })
    this.#socket.ref()
    const message = encodeQuery({ ...question, id })
    const framed = new Uint8Array(lengthBytes + message.length)
    writeUint16(framed, message.length, 0)
    framed.set(message, lengthBytes)
    this.#socket.write(framed)
    return promise
  }

  close(): void {
    this.isUsable = false
    this.#socket.destroy()
  }

  #becomeIdle(): void {
    this.#socket.unref()
    if (this.isUsable) this.#options.onIdle(this)
    else this.close()
  }

  #read(chunk: Uint8Array): void {
    let bytes = chunk
    if (this.#received.length > 0) {
      bytes = new Uint8Array(this.#received.length + chunk.length)
      bytes.set(this.#received)
      bytes.set(chunk, this.#received.length)
    }
    let at = 0
    while (at + lengthBytes <= bytes.length) {
      const end = at + lengthBytes + ((bytes[at]! << 8) | bytes[at + 1]!)
      if (end > bytes.length) break
      this.#take(bytes.subarray(at + lengthBytes, end))
      at = end
    }
    this.#received = bytes.slice(at)
  }

  #take(message: Uint8Array): void {
    const id = message.length < lengthBytes ? -1 : (message[0]! << 8) | message[1]!
    const waiting = this.#waiting.get(id)
    // Its time was up, or it is a second reply to the same.
    if (!waiting) return
    const received = matchReply(message, { ...waiting.question, id, spelling: 'any' })
    if (typeof received !== 'string') return waiting.settle({ kind: 'reply', reply: received })
    this.isUsable = false
    const text = `malformed reply from ${this.#options.remote}`
    waiting.settle({ kind: 'malformed', text })
  }

  #end(failure: Failure): void {
    this.isUsable = false
    for (const { settle } of this.#waiting.values()) settle(failure)
  }

  #way(): Way {
    const { localAddress, localPort } = this.#socket
    const isV6 = localAddress?.includes(':')
    const local = isV6 ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`
    return {
      network: 'tcp',
      local: this.#isConnected ? local : undefined,
      remote: this.#options.remote,
    }
  }

  #freeId(): number {
    for (;;) {
      const id = this.#options.ids.next()
      if (!this.#waiting.has(id)) return id
    }
  }
}
