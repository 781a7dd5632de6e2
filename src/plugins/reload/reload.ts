import { durationMs } from '../../corefile/duration-arguments.ts'
import type { Plugin } from '../plugin.ts'

export interface ReloadSettings {
  readonly intervalMs: number
  readonly jitterMs: number
}

export const reload: Plugin<ReloadSettings> = {
  name: 'reload',
  read: directive => {
    const intervalMs = directive.optional(durationMs) ?? 30_000
    const jitterMs = directive.optional(durationMs) ?? 15_000
    directive.end()
    return { intervalMs, jitterMs: Math.min(jitterMs, intervalMs / 2) }
  },
}
