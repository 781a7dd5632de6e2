import { EdnsCode } from '../../dns/edns.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { WireName } from '../../dns/wire-name.ts'
import type { Answer, Reply } from '../handler.ts'
import type { CacheMetrics } from './cache-metrics.ts'
import type { StaleSettings } from './cache-settings.ts'
import type { CachedReply } from './cached-reply.ts'

/** Extended errors, RFC 8914 §4.4 and §4.20. */
const staleAnswer = Uint8Array.of(0, 3)
const staleNxDomain = Uint8Array.of(0, 19)

interface StaleQuestion {
  readonly name: WireName
  readonly nowMs: number
  /** Absent when it is too early to ask again. */
  readonly refresh: (() => Promise<Reply | undefined>) | undefined
}

/** Gives replies that have expired, while it is found out whether there is a better one. RFC 8767 §5. */
export class StaleReplies {
  readonly #settings: StaleSettings
  readonly #metrics: CacheMetrics

  constructor(settings: StaleSettings, metrics: CacheMetrics) {
    this.#settings = settings
    this.#metrics = metrics
  }

  /** The expired reply or the one that takes its place. */
  answer(reply: CachedReply, { name, nowMs, refresh }: StaleQuestion): Answer {
    if (!refresh || nowMs < reply.nextRefreshMs) return this.#give(reply, name)
    const { mode, verifyTimeoutMs } = this.#settings
    const refreshed = refresh()
    if (mode === 'immediate') return this.#give(reply, name)
    const found = verifyTimeoutMs === 0 ? refreshed : firstOf(refreshed, verifyTimeoutMs)
    return found.then(better => better ?? this.#give(reply, name))
  }

  #give(reply: CachedReply, name: WireName): Reply {
    this.#metrics.servedStale.add()
    const code = EdnsCode.extendedError
    const data = reply.rcode === Rcode.nxDomain ? staleNxDomain : staleAnswer
    return { ...reply.stale(name, this.#settings.ttlSeconds), options: [{ code, data }] }
  }
}

/** What comes within the time, or nothing. */
async function firstOf<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, timeoutMs, undefined)
  const first = await Promise.race([promise, over])
  clearTimeout(timer)
  return first
}
