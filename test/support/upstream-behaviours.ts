import packet, { type Answer, type Packet } from 'dns-packet'
import type { Behaviour, FakeQuery } from './fake-upstream.ts'

/** Bits of the flags, RFC 1035 §4.1.1. */
export const flags = { aa: 0x400, tc: 0x200, ra: 0x80, ad: 0x20 } as const

/** What a reply has beside its question. */
export interface ReplyParts {
  readonly rcode?: number
  readonly flags?: number
  readonly answers?: Answer[]
  readonly authorities?: Answer[]
  readonly additionals?: Answer[]
  readonly id?: number
  readonly name?: string
}

export function address(name: string, data = '192.0.2.1'): Answer {
  return { type: 'A', name, ttl: 60, data }
}

export function soa(name: string): Answer {
  const data = {
    mname: `ns.${name}`,
    rname: `root.${name}`,
    serial: 1,
    refresh: 2,
    retry: 3,
    expire: 4,
    minimum: 5,
  }
  return { type: 'SOA', name, ttl: 300, data }
}

/** The bytes of a reply to a query, with its question unless another name is given. */
export function replyTo(query: FakeQuery, parts: ReplyParts = {}): Buffer {
  const { questions = [], id } = query.decoded
  const more: Packet = {
    type: 'response',
    id: parts.id ?? id!,
    flags: flags.ra | (parts.flags ?? 0) | (parts.rcode ?? 0),
    questions: questions.map(question => ({ ...question, name: parts.name ?? question.name })),
    answers: parts.answers ?? [],
    authorities: parts.authorities ?? [],
    additionals: parts.additionals ?? [],
  }
  return packet.encode(more)
}

export function nameOf(query: FakeQuery): string {
  return query.decoded.questions![0]!.name
}

/** An A record for any name. */
export const answering: Behaviour = query =>
  query.send(replyTo(query, { answers: [address(nameOf(query))] }))

/** The same by a server that does not keep letter case. */
export const lowerCasing: Behaviour = query => {
  const name = nameOf(query).toLowerCase()
  query.send(replyTo(query, { name, answers: [address(name)] }))
}

export const silent: Behaviour = () => {}

export function replying(parts: ReplyParts): Behaviour {
  return query => query.send(replyTo(query, parts))
}

/** Cut over UDP, whole over TCP. */
export const truncating: Behaviour = query =>
  query.transport === 'udp' ? query.send(replyTo(query, { flags: flags.tc })) : answering(query)

/** Probes are answered, nothing else is. */
export const answersOnlyProbes: Behaviour = query => {
  if (query.text.endsWith(' NS')) answering(query)
}

/**
 * A reply whose record is an SSHFP with an unknown hash, behind which a lenient reader goes back to the header and
 * reads it again and again.
 */
export const malformed: Behaviour = query => {
  const reply = replyTo(query)
  reply.writeUInt16BE(2000, 6)
  const fingerprint = 'c00c 002c 0001 0000003c 0004 01 63 aabb'
  query.send(Buffer.concat([reply, Buffer.from(fingerprint.replaceAll(' ', ''), 'hex')]))
}
