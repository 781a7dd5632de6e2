import type { UpstreamReply } from './upstream-reply.ts'
import { isSameName, type WireName } from './wire-name.ts'

/** What was sent upstream, as far as a reply must repeat it. */
export interface SentQuery {
  readonly id: number
  /** In the spelling that was sent. */
  readonly name: WireName
  readonly type: number
  readonly class: number
  /** `exact` where letter case was chosen at random, so that a guess must meet it too (0x20). */
  readonly spelling: 'exact' | 'any'
}

const queryOpcode = 0

/**
 * True when the reply is one to the query: whatever else comes from that address is to be ignored, not answered, because it
 * may be a guess that came before the true reply. RFC 5452 §9.1.
 */
export function isReplyTo(reply: UpstreamReply, sent: SentQuery): boolean {
  const { question } = reply
  if (reply.id !== sent.id || !reply.qr || reply.opcode !== queryOpcode || !question) return false
  if (question.type !== sent.type || question.class !== sent.class) return false
  if (!isSameName(question.name, sent.name)) return false
  return sent.spelling === 'any' || question.name.every((byte, i) => byte === sent.name[i])
}
