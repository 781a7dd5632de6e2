import { setTimeout as delay } from 'node:timers/promises'

/** Time, as the reviews see it: an argument, so that a test can make minutes pass. */
export interface ReviewTime {
  /** Milliseconds that never go back; their zero means nothing. */
  now(): number
  /** Resolves also when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemTime: ReviewTime = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch(() => {
      // Aborted: nobody waits any more.
    })
  },
}
