import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import packet, { type DecodedPacket } from 'dns-packet'
import { ednsPayloadBytes } from '../dns/edns.ts'
import { Flag2, headerBytes, readUint16 } from '../dns/header.ts'
import { parseName } from '../dns/wire-name.ts'
import { renderRrType } from '../dns/rr-type.ts'
import { type HostPort, renderHostPort } from '../lib/host-port.ts'

const defaultTimeoutMs = 2000
const tries = 3

export interface QueryOptions {
  readonly server: HostPort
  /** As a person writes it; the final dot may be left out. */
  readonly name: string
  readonly type: number
  readonly transport: 'udp' | 'tcp'
  /** Per try; 2 s when not given. */
  readonly timeoutMs?: number
}

export interface QueryResult {
  readonly reply: DecodedPacket
  readonly transport: 'udp' | 'tcp'
  readonly replyBytes: number
  readonly durationMs: number
}

/**
 * `question`: it cannot be asked. `no-reply`: no usable reply came, because nothing listens, nothing answers, or what
 * answers does not speak DNS.
 */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly code: 'question' | 'no-reply'

  constructor(code: QueryError['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Asks one question, over TCP too when the UDP reply is cut. Rejects with {@link QueryError}. */
export async function queryServer(options: QueryOptions): Promise<QueryResult> {
  const startedAt = performance.now()
  if (!parseName(options.name)) {
    const name = JSON.stringify(options.name)
    const expected = 'labels of 1 to 63 bytes, 255 in all'
    throw new QueryError('question', `${name} is no domain name: expected ${expected}`)
  }
  const query = packet.encode({
    type: 'query',
    id: randomInt(0x10000),
    flags: packet.RECURSION_DESIRED,
    questions: [{ type: renderRrType(options.type) as 'A', name: options.name }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: ednsPayloadBytes,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
  // dns-packet writes type 0 for a type it has no name for.
  const typeAt = questionEnd(query) - 4
  query.writeUInt16BE(options.type, typeAt)
  let transport = options.transport
  let reply = transport === 'udp' ? await askUdp(query, options) : await askTcp(query, options)
  if (transport === 'udp' && (reply[2]! & Flag2.tc) !== 0) {
    transport = 'tcp'
    reply = await askTcp(query, options)
  }
  try {
    return {
      reply: packet.decode(reply),
      transport,
      replyBytes: reply.length,
      durationMs: performance.now() - startedAt,
    }
  } catch (error) {
    throw new QueryError('no-reply', 'the reply is not a DNS message', error)
  }
}

async function askUdp(
  query: Buffer,
  { server, timeoutMs = defaultTimeoutMs }: QueryOptions,
): Promise<Buffer> {
  const socket = createSocket(server.family === 'IPv4' ? 'udp4' : 'udp6')
  try {
    socket.connect(server.port, server.address)
    await once(socket, 'connect')
    for (let attempt = 1; ; attempt++) {
      socket.send(query)
      try {
        return await nextReply(query, onReply => socket.on('message', onReply), {
          socket,
          timeoutMs,
        })
      } catch (error) {
        if (attempt === tries || !isTimeout(error)) throw error
      }
    }
  } catch (error) {
    throw describe(error, server, 'udp')
  } finally {
    socket.close()
  }
}

async function askTcp(
  query: Buffer,
  { server, timeoutMs = defaultTimeoutMs }: QueryOptions,
): Promise<Buffer> {
  const socket = connect(server.port, server.address)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) })
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    socket.write(Buffer.concat([length, query]))
    let received = Buffer.alloc(0)
    return await nextReply(
      query,
      onReply =>
        socket.on('data', chunk => {
          received = Buffer.concat([received, chunk])
          if (received.length >= 2 && received.length >= 2 + readUint16(received, 0)) {
            onReply(received.subarray(2, 2 + readUint16(received, 0)))
          }
        }),
      { socket, timeoutMs },
    )
  } catch (error) {
    throw describe(error, server, 'tcp')
  } finally {
    socket.destroy()
  }
}

/** The next message that answers the query; others are ignored, as a resolver must (RFC 5452 §4.1). */
async function nextReply(
  query: Buffer,
  listen: (onReply: (message: Buffer) => void) => void,
  { socket, timeoutMs }: { readonly socket: NodeJS.EventEmitter; readonly timeoutMs: number },
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const timer = setTimeout(
    () => reject(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })),
    timeoutMs,
  )
  socket.on('error', reject)
  socket.once('end', () => reject(new Error('the connection was closed without a reply')))
  listen(message => {
    if (isReplyTo(query, message)) resolve(message)
  })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

/** A reply with our id and our question, whatever its letter case; a server that could not read it repeats none. */
function isReplyTo(query: Buffer, message: Buffer): boolean {
  if (message.length < headerBytes || (message[2]! & Flag2.qr) === 0) return false
  if (readUint16(message, 0) !== readUint16(query, 0)) return false
  if (readUint16(message, 4) === 0) return true
  const end = questionEnd(query)
  return textOf(message.subarray(headerBytes, end)) === textOf(query.subarray(headerBytes, end))
}

function textOf(question: Buffer): string {
  return question.toString('latin1').toLowerCase()
}

function isTimeout(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ETIMEDOUT'
}

function describe(error: unknown, server: HostPort, transport: string): QueryError {
  const { code, message, name } = error as NodeJS.ErrnoException
  const why =
    code === 'ECONNREFUSED'
      ? 'nothing listens there'
      : code === 'ETIMEDOUT' || name === 'AbortError'
        ? 'no reply in time'
        : message
  return new QueryError(
    'no-reply',
    `Cannot ask ${renderHostPort(server)} over ${transport}: ${why}`,
    error,
  )
}

function questionEnd(query: Buffer): number {
  let at = headerBytes
  while (query[at]! > 0) at += query[at]! + 1
  return at + 5
}
