import { durationMs } from '../../corefile/duration-arguments.ts'
import type { Plugin } from '../plugin.ts'

/** When the Corefile is looked at again: every interval, give or take half the jitter. */
export interface ReloadSettings {
  readonly intervalMs: number
  readonly jitterMs: number
}

const minIntervalMs = 2000
const minJitterMs = 1000

/** Takes a changed Corefile while the program runs. The control thread does it. */
export const reload: Plugin<ReloadSettings> = {
  name: 'reload',
  read(directive) {
    const intervalMs = directive.optional(durationMs) ?? 30_000
    if (intervalMs < minIntervalMs) throw directive.fail('the interval must be at least 2s')
    const jitterMs = directive.optional(durationMs) ?? 15_000
    if (jitterMs !== 0 && jitterMs < minJitterMs) {
      throw directive.fail('the jitter must be 0s, or at least 1s')
    }
    directive.end()
    return { intervalMs, jitterMs: Math.min(jitterMs, intervalMs / 2) }
  },
}
