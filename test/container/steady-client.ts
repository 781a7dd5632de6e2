import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { plainQuery } from '../support/dns-client.ts'

/** How long a reply may take before it counts as lost. */
const patienceMs = 2000

/** Asks one server over UDP at a steady rate from one port, as pods that never look away do. */
export class SteadyClient {
  sent = 0
  /** Replies whose header is that of a good answer with records. */
  answered = 0
  readonly #socket: Socket
  readonly #timer: NodeJS.Timeout
  readonly #startedAt = performance.now()

  private constructor(
    socket: Socket,
    { name, perSecond }: { readonly name: string; readonly perSecond: number },
  ) {
    this.#socket = socket
    const message = plainQuery(name)
    socket.on('message', reply => {
      const isGood = (reply[3]! & 0x0f) === 0 && reply.readUInt16BE(6) > 0
      if (isGood) this.answered++
      socket.emit('counted')
    })
    this.#timer = setInterval(() => {
      const due = ((performance.now() - this.#startedAt) / 1000) * perSecond
      for (; this.sent < due; this.sent++) {
        message.writeUInt16BE(this.sent % 0x1_00_00)
        socket.send(Uint8Array.from(message))
      }
    }, 2)
  }

  static async start(options: {
    readonly address: string
    readonly port: number
    readonly name: string
    readonly perSecond: number
  }): Promise<SteadyClient> {
    // A port that is closed already: what was asked stays without an answer, and that counts.
    const socket = createSocket('udp4').on('error', () => {})
    socket.connect(options.port, options.address)
    await once(socket, 'connect')
    return new SteadyClient(socket, options)
  }

  /** Resolves when so many good answers have come. */
  async answers(count: number): Promise<void> {
    while (this.answered < count) await once(this.#socket, 'counted')
  }

  /** Asks no more; resolves with how many queries had no good answer. */
  async stop(): Promise<number> {
    clearInterval(this.#timer)
    const signal = AbortSignal.timeout(patienceMs)
    try {
      while (this.answered < this.sent) await once(this.#socket, 'counted', { signal })
    } catch {
      // Patience is over: what is missing is lost.
    }
    this.#socket.close()
    return this.sent - this.answered
  }
}
