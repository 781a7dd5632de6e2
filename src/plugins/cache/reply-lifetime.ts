import { takeAnswerChain } from '../../dns/answer-chain.ts'
import { readUint32 } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import type { Query, Reply } from '../handler.ts'
import type { CacheSettings, ShelfSettings } from './cache-settings.ts'

/**
 * What a reply says, for as long as it may be kept: `name` denies the name whatever the type, `type` this type alone,
 * `failure` is an upstream's SERVFAIL or NOTIMP.
 */
export interface KeptFor {
  readonly kind: 'answer' | 'type' | 'name' | 'failure'
  /** Above 0. */
  readonly lifetimeMs: number
}

/** A reply with the TTLs that clients get, and how it is to be kept, if it is. */
export interface LimitedReply {
  readonly reply: Reply
  readonly keep: KeptFor | undefined
}

/**
 * Reads off a reply what it says and for how long: each record its own TTL within the limits, the whole as long as the shortest of
 * them; a denial by the lesser of its SOA's TTL and MINIMUM. RFC 2308 §5.
 */
export function limitLifetime(
  query: Query,
  reply: Reply,
  { success, denial, failureMs }: Pick<CacheSettings, 'success' | 'denial' | 'failureMs'>,
): LimitedReply {
  const { answers = [], authority = [], rcode } = reply
  const chain = takeAnswerChain({ question: query, rcode, answers, authority })
  if (chain.kind === 'positive') {
    const limited = withinLimits(reply, success)
    return { reply: limited, keep: keptFor('answer', limited) }
  }
  if (chain.kind === 'nodata' || chain.kind === 'nxdomain') {
    const soa = chain.authority[0]
    if (!soa)
      return { reply: withinLimits(reply, denial), keep: keptBare(chain.kind, reply, denial) }
    const limited = withinLimits(deniedFor(reply, soa), denial)
    // What an alias leads to does not exist, for any type; its own name does.
    const isName = chain.kind === 'nxdomain' && answers.length === 0
    return { reply: limited, keep: keptFor(isName ? 'name' : 'type', limited) }
  }
  const isFailure = rcode === Rcode.servFail || rcode === Rcode.notImp
  const keep: KeptFor | undefined =
    isFailure && failureMs > 0 ? { kind: 'failure', lifetimeMs: failureMs } : undefined
  return { reply, keep }
}

/** A denial without an SOA. Some servers leave it out for good: not asking them again at once harms nobody. */
function keptBare(
  kind: 'nodata' | 'nxdomain',
  { answers = [] }: Reply,
  { minTtlSeconds, maxTtlSeconds }: ShelfSettings,
): KeptFor | undefined {
  const lifetimeMs = Math.min(minTtlSeconds, maxTtlSeconds) * 1000
  const isKept = kind === 'nodata' && answers.length === 0 && lifetimeMs > 0
  return isKept ? { kind: 'type', lifetimeMs } : undefined
}

function keptFor(
  kind: KeptFor['kind'],
  { answers, authority, additional }: Reply,
): KeptFor | undefined {
  let seconds = Infinity
  for (const section of [answers, authority, additional]) {
    for (const { ttlSeconds } of section ?? []) seconds = Math.min(seconds, ttlSeconds)
  }
  return seconds > 0 ? { kind, lifetimeMs: seconds * 1000 } : undefined
}

/** MINIMUM is the last field of an SOA, RFC 1035 §3.3.13. */
function deniedFor(reply: Reply, { ttlSeconds, rdata }: ResourceRecord): Reply {
  const seconds = Math.min(ttlSeconds, readUint32(rdata, rdata.length - 4))
  const authority = reply.authority!.map(record =>
    record.ttlSeconds > seconds ? { ...record, ttlSeconds: seconds } : record,
  )
  return { ...reply, authority }
}

function withinLimits(reply: Reply, { minTtlSeconds, maxTtlSeconds }: ShelfSettings): Reply {
  const limit = (records: readonly ResourceRecord[] = []): readonly ResourceRecord[] =>
    records.map(record => {
      const seconds = Math.min(Math.max(record.ttlSeconds, minTtlSeconds), maxTtlSeconds)
      return record.ttlSeconds === seconds ? record : { ...record, ttlSeconds: seconds }
    })
  return {
    ...reply,
    answers: limit(reply.answers),
    authority: limit(reply.authority),
    additional: limit(reply.additional),
  }
}
