import t from 'tap'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { reload } from './reload.ts'

const cases: readonly [lines: string, expected: object | RegExp][] = [
  ['reload', [{ intervalMs: 30_000, jitterMs: 15_000 }]],
  ['reload 10s', [{ intervalMs: 10_000, jitterMs: 5000 }]],
  ['reload 2s 1s', [{ intervalMs: 2000, jitterMs: 1000 }]],
  ['reload 1m 0s', [{ intervalMs: 60_000, jitterMs: 0 }]],
  ['reload 1s', /the interval must be at least 2s/],
  ['reload 10s 500ms', /the jitter must be 0s, or at least 1s/],
  ['reload 10s 5s 1s', /too many arguments/],
  ['reload {\n}', /takes no \{ \} block/],
]

for (const [lines, expected] of cases) t.match(readSettings(reload, lines), expected, lines)
