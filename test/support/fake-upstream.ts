import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import packet, { type DecodedPacket } from 'dns-packet'
import { renderRrType } from '../../src/dns/rr-type.ts'
import { framed } from './dns-client.ts'

/** A query that a fake upstream has got. */
export interface FakeQuery {
  readonly message: Buffer
  readonly decoded: DecodedPacket
  readonly transport: 'udp' | 'tcp'
  /** `udp web.example A` */
  readonly text: string
  /** How many queries there were before this one. */
  readonly number: number
  send(message: Uint8Array): void
  /** Sends from another port than the one that was asked; over UDP only. */
  sendFromElsewhere(message: Uint8Array): void
  /** Ends the connection; over TCP only. */
  hangUp(): void
}

export type Behaviour = (query: FakeQuery) => void

/** A server that does what a test says, on one free port of loopback for UDP and TCP. */
export class FakeUpstream implements AsyncDisposable {
  /** Every question, as `udp web.example A`. */
  readonly asked: string[] = []
  readonly queries: FakeQuery[] = []
  behave: Behaviour
  /** TCP connections that have been opened. */
  connections = 0
  readonly port: number
  readonly #udp: UdpSocket
  readonly #elsewhere: UdpSocket
  readonly #tcp: Server
  readonly #sockets = new Set<Socket>()

  private constructor(behave: Behaviour, udp: UdpSocket, tcp: Server) {
    this.behave = behave
    this.port = udp.address().port
    this.#udp = udp
    this.#tcp = tcp
    this.#elsewhere = createSocket('udp4').on('error', () => {})
    udp.on('message', (message, client) => this.#takeUdp(message, client))
    tcp.on('secureConnection', (socket: Socket) => this.#serve(socket))
    if (!('setSecureContext' in tcp)) tcp.on('connection', socket => this.#serve(socket))
  }

  /** With `tls`, a certificate and its key in PEM, that is what it speaks over TCP. */
  static async open(
    behave: Behaviour,
    tls?: { readonly cert: Buffer; readonly key: Buffer },
  ): Promise<FakeUpstream> {
    for (;;) {
      const udp = createSocket('udp4').on('error', () => {})
      udp.bind(0, '127.0.0.1')
      await once(udp, 'listening')
      const tcp = tls ? createTlsServer(tls) : createServer()
      const listening = await new Promise<boolean>(resolve => {
        tcp.once('error', () => resolve(false))
        tcp.listen(udp.address().port, '127.0.0.1', () => resolve(true))
      })
      if (listening) return new FakeUpstream(behave, udp, tcp)
      udp.close()
    }
  }

  /** `127.0.0.1:5300` */
  get to(): string {
    return `127.0.0.1:${this.port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#udp.close()
    this.#elsewhere.close()
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#tcp.close(resolve))
  }

  #takeUdp(message: Buffer, { port, address }: RemoteInfo): void {
    this.#take(message, {
      transport: 'udp',
      send: reply => this.#udp.send(reply, port, address),
      sendFromElsewhere: reply => this.#elsewhere.send(reply, port, address),
      hangUp: () => {},
    })
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0)
        const message = received.subarray(2, end)
        received = received.subarray(end)
        this.#take(message, {
          transport: 'tcp',
          send: reply => socket.write(framed(reply)),
          sendFromElsewhere: () => {},
          hangUp: () => socket.destroy(),
        })
      }
    })
  }

  #take(
    message: Buffer,
    way: Pick<FakeQuery, 'transport' | 'send' | 'sendFromElsewhere' | 'hangUp'>,
  ): void {
    const decoded = packet.decode(message)
    const { name } = decoded.questions![0]!
    const type = renderRrType(message.readUInt16BE(12 + name.length + (name === '.' ? 0 : 2)))
    const text = `${way.transport} ${name} ${type}`
    const query: FakeQuery = { message, decoded, text, number: this.asked.length, ...way }
    this.asked.push(text)
    this.queries.push(query)
    this.behave(query)
  }
}
