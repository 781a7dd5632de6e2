import { setImmediate as turn } from 'node:timers/promises'
import type { ReviewTime } from '../../src/admission/review-time.ts'

/** Time that passes when nothing is left to be done, so that minutes of waiting take no time. */
export class VirtualTime implements ReviewTime {
  #now = 0
  #timers: { readonly atMs: number; readonly ring: () => void }[] = []

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = { atMs: this.#now + ms, ring: resolve }
    this.#timers.push(timer)
    signal?.addEventListener('abort', () => {
      this.#timers = this.#timers.filter(other => other !== timer)
      resolve()
    })
    return promise
  }

  /** Lets time pass until the work is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isDone = false
    const settled = (): void => {
      isDone = true
    }
    work.then(settled, settled)
    for (;;) {
      await turn()
      if (isDone) return work
      this.#ringNext()
    }
  }

  advance(ms: number): void {
    this.#now += ms
  }

  #ringNext(): void {
    const next = this.#timers.reduce(
      (one, other) => (other.atMs < one.atMs ? other : one),
      this.#timers[0] ?? { atMs: this.#now, ring: () => {} },
    )
    this.#timers = this.#timers.filter(timer => timer !== next)
    this.#now = Math.max(this.#now, next.atMs)
    next.ring()
  }
}
