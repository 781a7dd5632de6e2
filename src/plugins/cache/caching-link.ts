import { EdnsCode } from '../../dns/edns.ts'
import { isFailure, Rcode } from '../../dns/rcode.ts'
import { RrType } from '../../dns/rr-type.ts'
import { isInZone, parseName, type WireName } from '../../dns/wire-name.ts'
import type { Handler, Next, Query, Reply } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import type { ServingContext } from '../serving-context.ts'
import type { CacheMetrics } from './cache-metrics.ts'
import type { CacheSettings } from './cache-settings.ts'
import { type CachedReply, messageBytesOf } from './cached-reply.ts'
import type { FindPolicy, ReplyCache } from './reply-cache.ts'
import { limitLifetime } from './reply-lifetime.ts'
import { StaleReplies } from './stale-replies.ts'

/** Larger ones are rare, and would push many others out. */
const maxMessageBytes = 8192

/** However often a popular name is asked for: a refresh that fails is not tried again at once. */
const minRecheckMs = 1000

export interface CachingLinkOptions {
  readonly cache: ReplyCache
  readonly metrics: CacheMetrics
  readonly context: Pick<ServingContext, 'nowMs' | 'log'>
}

/** Answers from the cache, and keeps what comes from upstream. */
export class CachingLink {
  readonly #settings: CacheSettings
  readonly #options: CachingLinkOptions
  readonly #policy: FindPolicy
  readonly #zones: readonly WireName[]
  readonly #disabled: {
    readonly success: readonly WireName[]
    readonly denial: readonly WireName[]
  }
  readonly #stale: StaleReplies | undefined
  readonly #recheckMs: number

  constructor(settings: CacheSettings, options: CachingLinkOptions) {
    this.#settings = settings
    this.#options = options
    this.#zones = namesOf(settings.zones)
    this.#disabled = {
      success: namesOf(settings.success.disabledZones),
      denial: namesOf(settings.denial.disabledZones),
    }
    this.#policy = {
      maxStaleMs: settings.stale?.maxAgeMs ?? 0,
      prefersPositive: settings.prefersPositive,
    }
    this.#recheckMs = Math.max(settings.stale?.recheckMs ?? 0, minRecheckMs)
    this.#stale = settings.stale && new StaleReplies(settings.stale, options.metrics)
  }

  readonly handle: Handler = (query, next) => {
    if (!isInSome(this.#zones, query.name) || !canBeKept(query)) return next()
    const { cache, metrics, context } = this.#options
    const nowMs = context.nowMs()
    metrics.requests.add()
    const found = cache.find(query, nowMs, this.#policy)
    if (!found) {
      metrics.misses.add()
      return mapAnswer(next(forEveryone(query)), reply =>
        forClient(query, this.#take(query, reply)),
      )
    }
    const { reply, isFailing } = found
    metrics[reply.kind === 'answer' ? 'success' : 'denial'].hits.add()
    if (this.#stale && !reply.isFresh(nowMs)) {
      const refresh = isFailing ? undefined : () => this.#refresh(query, reply, next)
      return mapAnswer(this.#stale.answer(reply, { name: query.name, nowMs, refresh }), given =>
        forClient(query, given),
      )
    }
    const { prefetch, keepsTtl } = this.#settings
    if (prefetch && reply.isDue(prefetch, nowMs) && nowMs >= reply.nextRefreshMs) {
      void this.#refresh(query, reply, next)
    }
    return forClient(query, keepsTtl ? reply.asKept(query.name) : reply.aged(query.name, nowMs))
  }

  /** What clients get of a reply from behind; it is kept where it may be. */
  #take(query: Query, reply: Reply): Reply {
    if (!reply.isFromUpstream || reply.isDropped || reply.moreAnswers) return reply
    const { reply: limited, keep } = limitLifetime(query, reply, this.#settings)
    const disabled = this.#disabled[isDenial(reply, keep?.kind) ? 'denial' : 'success']
    if (isInSome(disabled, query.name)) return reply
    if (!keep || reply.truncated || !query.recursionDesired) return limited
    const { cache, metrics, context } = this.#options
    if (messageBytesOf(limited) > maxMessageBytes) {
      metrics.drops.add()
      return limited
    }
    cache.keep(query, limited, { kept: keep, nowMs: context.nowMs(), policy: this.#policy })
    return limited
  }

  /** Asks for a reply again, once at a time for each. Comes to nothing, and never fails, where there is no better reply. */
  #refresh(query: Query, old: CachedReply, next: Next): Promise<Reply | undefined> {
    old.refresh ??= this.#askAgain(query, old, next)
    return old.refresh
  }

  async #askAgain(query: Query, old: CachedReply, next: Next): Promise<Reply | undefined> {
    const { metrics, context } = this.#options
    metrics.prefetches.add()
    // A step later, so that the reply at hand is not taken for the upstream's.
    await Promise.resolve()
    let better: Reply | undefined
    try {
      const reply = await next(forEveryone(query))
      const taken = this.#take(query, reply)
      if (isBetter(reply, old, this.#settings.prefersPositive)) better = taken
    } catch (error) {
      // The client has a reply in any case.
      context.log.error('cache', `Cannot refresh: ${String(error)}`)
    }
    if (!better) old.nextRefreshMs = context.nowMs() + this.#recheckMs
    old.refresh = undefined
    return better
  }
}

/** AD asked for, so that what is kept has it for those who want it. RFC 6840 §5.7. */
function forEveryone(query: Query): Query {
  return query.authenticData ? query : { ...query, authenticData: true }
}

/** Without AD for those who did not ask. RFC 6840 §5.8. */
function forClient(query: Query, reply: Reply): Reply {
  if (!reply.authenticData || !reply.isFromUpstream) return reply
  if (query.authenticData || query.edns?.dnssecOk) return reply
  return { ...reply, authenticData: false }
}

/** No transfers, keys and signatures of messages, and nothing that is for one network only. */
function canBeKept({ type, edns }: Query): boolean {
  if (type >= RrType.tkey && type <= RrType.axfr) return false
  // Its answer is made for one network of clients, RFC 7871 §7.3.
  return !edns?.options.some(({ code }) => code === EdnsCode.clientSubnet)
}

function isDenial({ rcode }: Reply, kind: string | undefined): boolean {
  return kind === undefined ? rcode !== Rcode.noError : kind !== 'answer'
}

/** True when clients should get the new reply rather than the old one. RFC 8767 §4: a failure is no reply. */
function isBetter(reply: Reply, old: CachedReply, prefersPositive: boolean): boolean {
  if (reply.truncated || isFailure(reply.rcode)) return false
  const isAnswer = reply.rcode === Rcode.noError && (reply.answers?.length ?? 0) > 0
  return !prefersPositive || old.kind !== 'answer' || isAnswer
}

function isInSome(zones: readonly WireName[], name: WireName): boolean {
  return zones.some(zone => isInZone(name, zone))
}

function namesOf(zones: readonly string[]): readonly WireName[] {
  return zones.map(zone => parseName(zone)!)
}
