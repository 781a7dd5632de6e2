import { LRUCache } from 'lru-cache'
import type { Relayed } from './relayed-reply.ts'

interface Entry {
  readonly relayed: Relayed
  readonly untilMs: number
  readonly periodMs: number
}

const capacityEntries = 10_000
const firstPeriodMs = 1000
const longestPeriodMs = 30_000
/** A server that is being set up should not be away for long. */
const longestReferralMs = 5000

/** Questions that no upstream could answer: for 1 s, 2 s, 4 s … they are not put again. RFC 9520 §3.2. */
export class FailureCache {
  readonly #entries = new LRUCache<string, Entry>({ max: capacityEntries })

  lookup(key: string, nowMs: number): Relayed | undefined {
    const entry = this.#entries.get(key)
    return entry && nowMs < entry.untilMs ? entry.relayed : undefined
  }

  /** Remembers a failure, twice as long as the one before unless that is long ago; forgets it when there is an answer. */
  note(key: string, relayed: Relayed, nowMs: number): void {
    if (relayed.failure === undefined) {
      if (this.#entries.size > 0) this.#entries.delete(key)
      return
    }
    const before = this.#entries.get(key)
    const isRecent = before && nowMs < before.untilMs + longestPeriodMs
    const longestMs = relayed.failure === 'referral' ? longestReferralMs : longestPeriodMs
    const periodMs = isRecent ? Math.min(before.periodMs * 2, longestMs) : firstPeriodMs
    this.#entries.set(key, { relayed, periodMs, untilMs: nowMs + periodMs })
  }

  clear(): void {
    this.#entries.clear()
  }
}
