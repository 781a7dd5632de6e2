import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

interface Line {
  /** What had been read when the last answer was written. */
  readAtRest: number
  /** When a request that is not whole yet was first seen, of `performance.now()`. */
  since: number | undefined
  request: IncomingMessage | undefined
  isAnswered: boolean
}

export interface PatienceTiming {
  /** How long a request may take to arrive, headers and body. */
  readonly requestMs: number
  /** How often it is looked at. */
  readonly everyMs: number
}

/**
 * Ends connections on which a request begins and does not come to its end. Node's own `requestTimeout` counts from the
 * connection on, and so ends connections that an API server keeps for later at the moment when it may use them.
 */
export class AdmissionPatience {
  readonly #lines = new Map<Socket, Line>()
  readonly #timing: PatienceTiming
  readonly #timer: NodeJS.Timeout

  constructor(timing: PatienceTiming) {
    this.#timing = timing
    this.#timer = setInterval(() => this.#look(), timing.everyMs).unref()
  }

  /** A connection whose handshake is done. */
  watch(socket: Socket): void {
    this.#lines.set(socket, {
      readAtRest: socket.bytesRead,
      since: undefined,
      request: undefined,
      isAnswered: false,
    })
    socket.once('close', () => this.#lines.delete(socket))
  }

  /** The headers of a request are there. */
  begin(request: IncomingMessage): void {
    const line = this.#lines.get(request.socket)
    if (line) Object.assign(line, { request, isAnswered: false })
  }

  /** It has been answered, maybe before all of it was there. */
  end(request: IncomingMessage): void {
    const line = this.#lines.get(request.socket)
    if (!line) return
    line.isAnswered = true
    settle(request.socket, line)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Ends connections without a request. Node takes those that never had one for busy, and would wait for them. */
  closeIdle(): void {
    for (const [socket, line] of this.#lines) {
      settle(socket, line)
      if (!line.request && socket.bytesRead === line.readAtRest) socket.destroy()
    }
  }

  #look(): void {
    const now = performance.now()
    for (const [socket, line] of this.#lines) {
      settle(socket, line)
      const isWaitedFor = line.request
        ? !line.request.complete
        : socket.bytesRead !== line.readAtRest
      if (!isWaitedFor) line.since = undefined
      else line.since ??= now
      if (line.since !== undefined && now - line.since >= this.#timing.requestMs) socket.destroy()
    }
  }
}

/** Nothing of the request is to come any more: what comes next is another one. */
function settle(socket: Socket, line: Line): void {
  if (!line.isAnswered || !line.request?.complete) return
  line.readAtRest = socket.bytesRead
  line.request = undefined
  line.isAnswered = false
}
