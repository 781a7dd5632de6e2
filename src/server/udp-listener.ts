import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { ednsPayloadBytes } from '../dns/edns.ts'
import type { ReplySpace } from '../answers/table-answers.ts'
import { type Origin, type QueryPipeline } from './query-pipeline.ts'
import { ReplyRing } from './reply-ring.ts'
import type { WantedListener } from './thread-listeners.ts'

/** Room for bursts: the kernel's default holds 256 queries, 5 ms at 50,000 a second. Capped by net.core.rmem_max. */
const receiveBufferBytes = 4 << 20

/** One UDP socket of one serving thread. */
export class UdpListener {
  readonly #socket: Socket
  #pipeline: QueryPipeline
  readonly #ring: ReplyRing
  readonly #space: ReplySpace = { bytes: new Uint8Array(0), limitBytes: 0 }
  /** One object for all queries: where the present one comes from. */
  readonly #origin: { -readonly [Key in keyof Origin]: Origin[Key] }
  #isClosed = false

  private constructor(socket: Socket, { pipeline, router }: WantedListener) {
    this.#socket = socket
    this.#pipeline = pipeline
    this.#origin = {
      router,
      transport: 'udp',
      client: { address: '', port: 0, family: 'IPv4' },
      server: { address: socket.address().address, port: socket.address().port },
      send: (reply, length, client) => this.#send(reply, length, client),
      done: () => {},
    }
    this.#ring = new ReplyRing(ednsPayloadBytes, () => socket.getSendQueueCount())
    socket.on('message', (message, client) => this.#receive(message, client))
  }

  /** Binds, shared with other threads where the system can; rejects with the system's error. */
  static async open(listener: WantedListener, reusePort: boolean): Promise<UdpListener> {
    const { binding } = listener
    const family = binding.family === 'IPv4' ? 4 : 6
    const socket = createSocket({
      type: family === 4 ? 'udp4' : 'udp6',
      ipv6Only: family === 6,
      reusePort,
      // Addresses of clients are numeric: looking them up at once saves a tick per reply.
      lookup: (address, _options, callback) => callback(null, address, family),
    })
    // Listened for first: with a lookup that answers at once, bind() is done before it returns.
    const listening = once(socket, 'listening')
    socket.bind({ address: binding.address, port: binding.port, exclusive: true })
    await listening
    socket.on('error', () => {
      // A socket that is bound only reports what happened to single datagrams.
    })
    try {
      socket.setRecvBufferSize(receiveBufferBytes)
    } catch {
      // The system's default stays: fewer queries survive a burst.
    }
    return new UdpListener(socket, listener)
  }

  /** From the next query on, these answer. */
  serve({ pipeline, router }: WantedListener): void {
    this.#pipeline = pipeline
    this.#origin.router = router
  }

  get port(): number {
    return this.#socket.address().port
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }

  #receive(message: Uint8Array, client: RemoteInfo): void {
    // Port 0 cannot be answered: send() would throw, and the address is forged anyway.
    if (client.port === 0) return
    const space = this.#space
    space.bytes = this.#ring.next()
    this.#origin.client = client
    const length = this.#pipeline.answer(message, space, this.#origin)
    if (length > 0) this.#send(space.bytes, length, client)
  }

  #send(reply: Uint8Array, length: number, client: Origin['client']): void {
    if (this.#isClosed) return
    // Without a callback: a reply that cannot be sent is a lost datagram, and hearing of it costs a tick per reply.
    this.#socket.send(reply, 0, length, client.port, client.address)
  }
}
