import { parseDuration } from '../lib/duration.ts'
import type { Argument } from './argument.ts'

/** A duration in Go's notation with its unit, not below 0, in milliseconds. */
export const durationMs: Argument<number> = {
  expected: 'a duration like 30s',
  parse: parsePositive,
}

/** The same, where a bare number means seconds: only `timeouts` takes that. */
export const durationOrSecondsMs: Argument<number> = {
  expected: 'a duration like 30s',
  parse: word => parsePositive(/^\+?\d+$/.test(word) ? `${word}s` : word),
}

function parsePositive(word: string): number | undefined {
  const ms = parseDuration(word)
  return ms !== undefined && ms >= 0 ? ms : undefined
}
