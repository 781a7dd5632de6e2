import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import packet, { type DecodedPacket } from 'dns-packet'
import type { Binding } from '../../src/server/binding.ts'
import { testCertificate } from './test-certificate.ts'

/** How long silence counts as no reply; loopback answers in well under a millisecond. */
const silenceMs = 300

/** Sends raw bytes over UDP and gives the reply, or `undefined` for silence. */
export async function askUdp(
  server: Binding,
  message: Uint8Array,
  { patienceMs = silenceMs } = {},
): Promise<Buffer | undefined> {
  const socket = createSocket('udp4')
  try {
    const { promise, resolve } = Promise.withResolvers<Buffer | undefined>()
    socket.once('message', resolve)
    socket.send(message, server.port, server.address)
    const timer = setTimeout(resolve, patienceMs, undefined)
    const reply = await promise
    clearTimeout(timer)
    return reply
  } finally {
    socket.close()
  }
}

/** A TCP connection of a test: writes raw bytes, collects the messages that come back until the server ends it. */
export class TcpClient implements Disposable {
  readonly socket: Socket
  readonly messages: Buffer[] = []
  isClosed = false
  #received = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', chunk => {
      this.#received = Buffer.concat([this.#received, chunk])
      while (this.#received.length >= 2) {
        const length = this.#received.readUInt16BE(0)
        if (this.#received.length < 2 + length) break
        this.messages.push(this.#received.subarray(2, 2 + length))
        this.#received = this.#received.subarray(2 + length)
        socket.emit('reply')
      }
    })
    const closed = (): void => {
      this.isClosed = true
      socket.emit('reply')
    }
    socket.on('error', closed)
    socket.on('end', closed)
  }

  /** Over TLS where that is what the server speaks, with the test certificate. */
  static async open({ scheme, port, address: host }: Binding): Promise<TcpClient> {
    if (scheme === 'tls') {
      const { cert: ca, host: servername } = testCertificate
      const socket = connectTls({ port, host, ca, servername })
      await once(socket, 'secureConnect')
      return new TcpClient(socket)
    }
    const socket = connect({ port, host, allowHalfOpen: true })
    await once(socket, 'connect')
    return new TcpClient(socket)
  }

  send(...messages: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(messages.map(framed)))
  }

  /** Waits until there are `count` messages or the server has closed. */
  async replies(count: number): Promise<Buffer[]> {
    const signal = AbortSignal.timeout(5000)
    while (this.messages.length < count && !this.isClosed)
      await once(this.socket, 'reply', { signal })
    return this.messages
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

export function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

export function plainQuery(name: string, type = 'A', id = 1): Buffer {
  return packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type: type as 'A', name }],
  })
}

export function ednsQuery(name: string, type = 'A', udpPayloadSize = 1232): Buffer {
  return packet.encode({
    type: 'query',
    id: 1,
    questions: [{ type: type as 'A', name }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
}

export function decoded(reply: Buffer | undefined): DecodedPacket & { rcode: string } {
  if (!reply) throw new TypeError('there is no reply')
  return packet.decode(reply) as DecodedPacket & { rcode: string }
}
