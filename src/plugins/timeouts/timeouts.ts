import type { Argument } from '../../corefile/argument.ts'
import type { Directive } from '../../corefile/directive.ts'
import { durationOrSecondsMs } from '../../corefile/duration-arguments.ts'
import type { Plugin } from '../plugin.ts'

/** Limits of TCP and TLS connections. What is absent is as usual. */
export interface TimeoutsSettings {
  readonly readMs?: number
  readonly writeMs?: number
  readonly idleMs?: number
  /** Unlimited when absent. */
  readonly maxQueries?: number
}

const hourMs = 3_600_000

/** `undefined` for -1. */
const queryCount: Argument<{ readonly maxQueries?: number }> = {
  expected: '-1 (unlimited) or a whole number from 1',
  parse(word) {
    if (word === '-1') return {}
    return /^\+?0*[1-9]\d{0,8}$/.test(word) ? { maxQueries: Number(word) } : undefined
  },
}

/** How long connections may last. The listeners hold it. */
export const timeouts: Plugin<TimeoutsSettings> = {
  name: 'timeouts',
  read(directive) {
    let settings: TimeoutsSettings | undefined
    const set = (changes: TimeoutsSettings): void => {
      settings = { ...settings, ...changes }
    }
    directive.block({
      read: line => set({ readMs: readTime(line) }),
      write: line => set({ writeMs: readTime(line) }),
      idle: line => set({ idleMs: readTime(line) }),
      maxtcpqueries: line => set(line.one(queryCount)),
    })
    if (!settings) throw directive.fail('expected a block with read, write, idle or maxtcpqueries')
    return settings
  },
}

function readTime(line: Directive): number {
  const ms = line.one(durationOrSecondsMs)
  if (ms < 1000 || ms > 24 * hourMs) throw line.fail('expected a time from 1s to 24h')
  return ms
}
