import { parseDuration } from '../lib/duration.ts'
import { type AdmissionDecision, type AdmissionRequest, NotNow, type Reviewer } from './review.ts'

/** What API servers wait when a webhook does not say, and the longest they may be told to. */
const defaultTimeoutMs = 10_000
const maxTimeoutMs = 30_000
/** Parts of the time the API server waits: from the first a review is to answer with what it has, from the second nobody waits for it. */
const abortAfter = 0.8
const giveUpAfter = 0.9

/** `?timeout=2s`, in milliseconds: how long the API server waits. What does not read is as if it were not there. */
export function readTimeout(value: unknown): number {
  const timeoutMs = typeof value === 'string' ? parseDuration(value) : undefined
  if (timeoutMs === undefined || timeoutMs <= 0) return defaultTimeoutMs
  return Math.min(timeoutMs, maxTimeoutMs)
}

/** When somebody who waits began to, and for how long. */
export interface Deadline {
  /** Of `performance.now()`. */
  readonly startedAt: number
  readonly timeoutMs: number
  /** Aborted when the connection is gone. */
  readonly gone: AbortSignal
}

/**
 * Reviews, and answers before the API server has stopped waiting. Rejects with NotNow where the review does not, and with
 * whatever it throws.
 */
export async function reviewInTime(
  reviewer: Reviewer,
  request: AdmissionRequest,
  { startedAt, timeoutMs, gone }: Deadline,
): Promise<AdmissionDecision> {
  const abort = new AbortController()
  const decision = reviewer(request, abort.signal)
  if (!(decision instanceof Promise)) return decision
  const late = Promise.withResolvers<never>()
  const stop = (): void => {
    const reason = new NotNow(503, 'Cannot decide in time')
    abort.abort(reason)
    late.reject(reason)
  }
  const leftMs = (part: number): number => startedAt + timeoutMs * part - performance.now()
  const timers = [
    setTimeout(() => abort.abort(), leftMs(abortAfter)),
    setTimeout(stop, leftMs(giveUpAfter)),
  ]
  gone.addEventListener('abort', stop)
  try {
    return await Promise.race([decision, late.promise])
  } finally {
    timers.forEach(clearTimeout)
    gone.removeEventListener('abort', stop)
  }
}
