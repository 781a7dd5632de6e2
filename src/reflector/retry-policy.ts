import { backOffMs } from '../lib/back-off.ts'
import type { RelistCause } from './reflector-counters.ts'
import type { ReflectorTiming } from './reflector-timing.ts'
import type { WatchErrorCode } from './watch-error.ts'

/**
 * How recent a list must be: at least as new as what is known, as new as the whole cluster, or whatever the server has at
 * hand. Only the last one can be answered by a server that has lost touch with its store.
 */
export type ListFreshness = 'last' | 'fresh' | 'cached'

/** What to do next, and when. */
export interface RetryStep {
  readonly delayMs: number
  /** List everything, and why; otherwise go on with what was being done. */
  readonly relist?: { readonly cause: RelistCause; readonly freshness: ListFreshness }
  /** From now on list in pages. */
  readonly inPages?: true
}

/** What a reflector was doing when it failed. */
export interface RetrySituation {
  readonly doing: 'streaming a list' | 'listing pages' | 'watching' | 'probing'
  readonly hasSynced: boolean
  readonly retryAfterMs: number | undefined
  /** From 0 up to 1. */
  readonly chance: number
}

type PolicyTiming = Pick<
  ReflectorTiming,
  'firstDelayMs' | 'maxDelayMs' | 'cleanDelayMs' | 'maxRetryAfterMs'
>

/** After as many failures of one sort everything is listed. */
const stuckAfter = 5
const aheadAfter = 3
/** After as many errors of the server instead of a streamed list pages are asked for. */
const inPagesAfter = 2
/** After as many failures at the start a list that may be old is better than none. */
const cachedAfter = 3

/** What follows from failures in a row. Time and chance are arguments. */
export class RetryPolicy {
  readonly #timing: PolicyTiming
  /** In a row, of any sort. */
  #failures = 0
  /** In a row, that may be the fault of what we ask. */
  #stuck = 0
  #ahead = 0
  #failedStreams = 0
  /** Lists that had to be, since a watch last got anywhere: one that is gone as soon as it is complete is no progress. */
  #lost = 0

  constructor(timing: PolicyTiming) {
    this.#timing = timing
  }

  /** All objects have been listed. */
  synced(): void {
    this.#failures = 0
    this.#stuck = 0
    this.#ahead = 0
    this.#failedStreams = 0
  }

  /** A watch has brought something, or has lasted. */
  watched(): void {
    this.synced()
    this.#lost = 0
  }

  /** The wait after a watch or list that ended in order. */
  ended(chance: number): number {
    return this.#timing.cleanDelayMs * chance
  }

  failed(code: WatchErrorCode, situation: RetrySituation): RetryStep {
    const { doing, hasSynced, chance } = situation
    if (doing === 'streaming a list' && this.#cannotStream(code))
      return { delayMs: this.ended(chance), inPages: true }
    this.#failures++
    const isLost = code === 'gone' || code === 'behind'
    if (isLost) this.#lost++
    // Who is told to list again has a server that answers: how long it had been away does not matter.
    const delayMs = this.#delayMs(isLost ? this.#lost : this.#failures, situation)
    if (hasSynced) {
      const relist = this.#relistAfter(code)
      return relist ? { delayMs, relist } : { delayMs }
    }
    // Everything is being listed as it is.
    if (this.#failures < cachedAfter) return { delayMs }
    return { delayMs, relist: { cause: 'start', freshness: 'cached' } }
  }

  /** For good, and no failure: the server does not know streamed lists, does not end them, or its store cannot support them. */
  #cannotStream(code: WatchErrorCode): boolean {
    // With an etcd before 3.4.25 or 3.5.8 an API server answers 500 to each.
    if (code === 'server') return ++this.#failedStreams >= inPagesAfter
    return code === 'unsupported' || code === 'silent'
  }

  #relistAfter(code: WatchErrorCode): RetryStep['relist'] {
    switch (code) {
      case 'gone':
        return { cause: 'gone', freshness: this.#lost > 1 ? 'fresh' : 'last' }
      case 'behind':
        return { cause: 'behind', freshness: 'fresh' }
      case 'ahead':
        if (++this.#ahead < aheadAfter) return undefined
        this.#ahead = 0
        return { cause: 'ahead', freshness: 'fresh' }
      case 'server':
      case 'protocol':
      case 'internal':
      case 'missing':
      case 'unsupported':
        if (++this.#stuck < stuckAfter) return undefined
        this.#stuck = 0
        return { cause: 'stuck', freshness: 'fresh' }
      // What we ask is right, and so is what we know.
      case 'throttled':
      case 'unauthorized':
      case 'forbidden':
      case 'brief':
      case 'silent':
      case 'network':
      case 'tls':
      case 'credentials':
      default:
        return undefined
    }
  }

  #delayMs(attempt: number, { retryAfterMs = 0, chance }: RetrySituation): number {
    const { firstDelayMs, maxDelayMs, maxRetryAfterMs } = this.#timing
    const ownMs = backOffMs(attempt, { firstMs: firstDelayMs, maxMs: maxDelayMs })
    const askedMs = Math.min(retryAfterMs, maxRetryAfterMs)
    // Not all reflectors of all servers at the same moment.
    return Math.max(ownMs * (0.5 + chance / 2), askedMs * (1 + chance / 4))
  }
}
