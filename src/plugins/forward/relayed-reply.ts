import { takeAnswerChain } from '../../dns/answer-chain.ts'
import type { EdnsOption } from '../../dns/edns.ts'
import { Rcode, renderRcode } from '../../dns/rcode.ts'
import type { UpstreamReply } from '../../dns/upstream-reply.ts'
import type { Reply } from '../handler.ts'

/** What is sent on of a reply, for all who asked the question. */
export interface Relayed {
  readonly reply: Reply
  /** The upstream has checked the signatures; told only to those who ask. */
  readonly isAuthentic: boolean
  /** Worth remembering, so that the upstream is not asked again at once. */
  readonly failure?: 'failure' | 'referral'
}

/** Options about the answer, not about the connection: client subnet (RFC 7871), extended error (RFC 8914). */
const endToEndOptions: ReadonlySet<number> = new Set([8, 15])

/** The largest rcode that fits without an OPT record. */
const maxPlainRcode = 15

/**
 * The answer chain of an upstream's reply, and the SOA of a negative one: what else an upstream puts into a reply goes no
 * further. A referral is no answer to somebody who asked for recursion.
 */
export function relay(reply: UpstreamReply): Relayed {
  const { kind, answers, authority } = takeAnswerChain(reply)
  if (kind === 'referral') return failed('the upstream answers with a referral', 'referral')
  if (reply.rcode > maxPlainRcode) {
    return failed(`the upstream answers with ${renderRcode(reply.rcode)}`, 'failure')
  }
  const options = relayedOptions(reply)
  const sent: Reply = {
    rcode: reply.rcode,
    authoritative: false,
    recursionAvailable: true,
    isFromUpstream: true,
    answers,
    authority,
    ...(reply.tc ? { truncated: true } : {}),
    ...(options.length > 0 ? { options } : {}),
  }
  const isFailed = reply.rcode === Rcode.servFail
  return { reply: sent, isAuthentic: reply.ad, ...(isFailed ? { failure: 'failure' } : {}) }
}

/** SERVFAIL of our own. */
export function failed(error: string, failure?: 'failure' | 'referral'): Relayed {
  return {
    reply: { rcode: Rcode.servFail, authoritative: false, recursionAvailable: true, error },
    isAuthentic: false,
    ...(failure === undefined ? {} : { failure }),
  }
}

function relayedOptions({ opt }: UpstreamReply): readonly EdnsOption[] {
  return opt?.options.filter(({ code }) => endToEndOptions.has(code)) ?? []
}
