/**
 * Why everything is listed: at the start, because the history is gone, because the server does not know our version yet or has
 * gone back behind it, because nothing else helped, or to verify.
 */
export type RelistCause = 'start' | 'gone' | 'ahead' | 'behind' | 'stuck' | 'verify'

/** What a reflector counts; read by whoever scrapes, written by the reflector alone. */
export interface ReflectorCounters {
  readonly relists: Record<RelistCause, number>
  /** Watches after the first one. */
  reconnects: number
  /** Frames that could not be understood. */
  badFrames: number
  /** Objects that the sink threw at. */
  applyErrors: number
  /** Objects that were gone when all were listed. */
  swept: number
  /** What a verification found that no event had told. */
  drift: number
  /** Unix time of the newest byte from the server. */
  lastByteAt: number | undefined
}

export function zeroCounters(): ReflectorCounters {
  return {
    relists: { start: 0, gone: 0, ahead: 0, behind: 0, stuck: 0, verify: 0 },
    reconnects: 0,
    badFrames: 0,
    applyErrors: 0,
    swept: 0,
    drift: 0,
    lastByteAt: undefined,
  }
}
