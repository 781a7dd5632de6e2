import { Flag2, headerBytes, readUint16 } from '../../dns/header.ts'
import { isReplyTo, type SentQuery } from '../../dns/is-reply-to.ts'
import { isFailure } from '../../dns/rcode.ts'
import { readReply, type UpstreamReply } from '../../dns/upstream-reply.ts'

/**
 * `stranger`: not the reply that is waited for, whoever sent it. `respelled`: a stranger for its letter case alone. `malformed`:
 * from who knows the id, but no DNS.
 */
export type Received = UpstreamReply | 'malformed' | 'stranger' | 'respelled'

/** Reads what came from an upstream while it owed the reply to `sent`. */
export function matchReply(message: Uint8Array, sent: SentQuery): Received {
  const reply = readReply(message, message.length)
  if (!reply) return isForId(message, sent.id) ? 'malformed' : 'stranger'
  if (isReplyTo(reply, sent)) return reply
  if (isReplyTo(reply, { ...sent, spelling: 'any' })) return 'respelled'
  // Servers that could not read the question say so without it, RFC 6891 §7.
  const isBareFailure =
    !reply.question &&
    reply.qr &&
    reply.id === sent.id &&
    reply.opcode === 0 &&
    isFailure(reply.rcode)
  return isBareFailure ? reply : 'stranger'
}

function isForId(message: Uint8Array, id: number): boolean {
  return (
    message.length >= headerBytes && readUint16(message, 0) === id && (message[2]! & Flag2.qr) !== 0
  )
}
