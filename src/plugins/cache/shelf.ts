import { LRUCache } from 'lru-cache'
import type { Counter } from '../../lib/metric-cells.ts'
import type { CachedReply } from './cached-reply.ts'

export interface ShelfOptions {
  readonly limitBytes: number
  readonly capacityEntries: number
  readonly entries: Counter
  readonly evictions: Counter
}

/** Replies up to so many bytes and so many entries; those that were not asked for the longest go first. */
export class Shelf {
  readonly #options: ShelfOptions
  readonly #replies: LRUCache<string, CachedReply>
  /** What the gauge has been told: it is shared with the shelf that may come after this one. */
  #reported = 0

  constructor(options: ShelfOptions) {
    this.#options = options
    const { limitBytes, capacityEntries, evictions } = options
    // Counting entries as bytes too keeps the library from making room for all of them at once.
    const leastBytes = Math.ceil(limitBytes / capacityEntries)
    this.#replies = new LRUCache({
      maxSize: limitBytes,
      sizeCalculation: (reply, key) => Math.max(reply.memoryBytes + key.length, leastBytes),
      dispose: (_reply, _key, reason) => {
        if (reason === 'evict') evictions.add()
      },
    })
  }

  get(key: string): CachedReply | undefined {
    return this.#replies.get(key)
  }

  set(key: string, reply: CachedReply): void {
    this.#replies.set(key, reply)
    this.#report()
  }

  delete(key: string): void {
    if (this.#replies.delete(key)) this.#report()
  }

  clear(): void {
    this.#replies.clear()
    this.#report()
  }

  #report(): void {
    this.#options.entries.add(this.#replies.size - this.#reported)
    this.#reported = this.#replies.size
  }
}
