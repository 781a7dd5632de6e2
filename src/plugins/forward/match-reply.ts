import { Flag2, headerBytes, readUint16 } from '../../dns/header.ts'
import { isReplyTo } from '../../dns/is-reply-to.ts'
import { Rcode } from '../../dns/rcode.ts'
import { readReply, type UpstreamReply } from '../../dns/upstream-reply.ts'
import type { Question } from './outcome.ts'

/** `stranger`: not the reply that is waited for, whoever sent it. `malformed`: from who knows the id, but no DNS. */
export type Received = UpstreamReply | 'malformed' | 'stranger'

/** Letter case is not made random: CoreDNS does not, and there are servers that do not keep it. */
const spelling = 'any'

/** Reads what came from an upstream while it owed the reply to `question`, sent with `id`. */
export function matchReply(message: Uint8Array, question: Question, id: number): Received {
  const reply = readReply(message, message.length)
  if (!reply) return isForId(message, id) ? 'malformed' : 'stranger'
  if (isReplyTo(reply, { ...question, id, spelling })) return reply
  // Servers that could not read the question say so without it, RFC 6891 §7.
  const isBareFailure =
    !reply.question && reply.qr && reply.id === id && reply.opcode === 0 && isFailure(reply.rcode)
  return isBareFailure ? reply : 'stranger'
}

function isFailure(rcode: number): boolean {
  return rcode !== Rcode.noError && rcode !== Rcode.nxDomain
}

function isForId(message: Uint8Array, id: number): boolean {
  return (
    message.length >= headerBytes && readUint16(message, 0) === id && (message[2]! & Flag2.qr) !== 0
  )
}
