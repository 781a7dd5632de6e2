import type { Query, Reply } from '../handler.ts'
import type { Kept } from '../serving-context.ts'
import { CachedReply } from './cached-reply.ts'
import { cacheKey } from './cache-key.ts'
import type { KeptFor } from './reply-lifetime.ts'
import type { Shelf } from './shelf.ts'

/** Which reply is given where there are several. */
export interface FindPolicy {
  /** How long past its TTL a reply may be given; 0 for never. */
  readonly maxStaleMs: number
  /** An answer is given even where a denial has come since. */
  readonly prefersPositive: boolean
}

export interface Found {
  readonly reply: CachedReply
  /** The last look upstream has failed just now: another one would be too early. */
  readonly isFailing: boolean
}

/** The replies of upstream servers. It outlives changes of the configuration. */
export class ReplyCache implements Kept {
  readonly #success: Shelf
  readonly #denial: Shelf

  constructor(shelves: { readonly success: Shelf; readonly denial: Shelf }) {
    this.#success = shelves.success
    this.#denial = shelves.denial
  }

  /**
   * The best reply there is. Fresh ones come first: an answer, a denial of the type, a denial of the name, which some servers give
   * for one type and do not mean for another. Then what has expired, answers before denials, and a failure where there is
   * nothing else. RFC 8767 §4.
   */
  find(
    query: Query,
    nowMs: number,
    { maxStaleMs, prefersPositive }: FindPolicy,
  ): Found | undefined {
    const usable = (reply: CachedReply | undefined): CachedReply | undefined =>
      reply?.isUsable(nowMs, maxStaleMs) ? reply : undefined
    const fresh = (reply: CachedReply | undefined): CachedReply | undefined =>
      reply?.isFresh(nowMs) ? reply : undefined
    const answer = usable(this.#success.get(cacheKey(query, 'answer')))
    // A denial of the type that came later would have expired it.
    if (answer && (prefersPositive || answer.isFresh(nowMs))) {
      return { reply: answer, isFailing: !answer.isFresh(nowMs) && this.#isFailing(query, nowMs) }
    }
    const ofType = usable(this.#denial.get(cacheKey(query, 'type')))
    const ofName = usable(this.#denial.get(cacheKey(query, 'name')))
    const failure = fresh(this.#denial.get(cacheKey(query, 'failure')))
    const reply = fresh(ofType) ?? fresh(ofName) ?? answer ?? ofType ?? ofName ?? failure
    return reply && { reply, isFailing: failure !== undefined }
  }

  #isFailing(query: Query, nowMs: number): boolean {
    return this.#denial.get(cacheKey(query, 'failure'))?.isFresh(nowMs) ?? false
  }

  /** Keeps a reply, and settles what it means for those that were there before. */
  keep(
    query: Query,
    reply: Reply,
    { kept, nowMs, policy }: { kept: KeptFor; nowMs: number; policy: FindPolicy },
  ): void {
    const { kind } = kept
    const entry = new CachedReply(reply, { name: query.name, kept, nowMs })
    const key = cacheKey(query, kind)
    const answerKey = cacheKey(query, 'answer')
    const answer = this.#success.get(answerKey)
    if (kind === 'answer') {
      if (answer) entry.inheritHits(answer)
      this.#success.set(key, entry)
      for (const denied of ['type', 'name', 'failure'] as const) {
        this.#denial.delete(cacheKey(query, denied))
      }
      return
    }
    if (kind !== 'failure') {
      this.#denial.delete(cacheKey(query, 'failure'))
      // The last answer stays for the time when nobody can say anything.
      if (!policy.prefersPositive) answer?.expire(nowMs)
    }
    this.#denial.set(key, entry)
  }

  close(): void {
    this.#success.clear()
    this.#denial.clear()
  }
}
