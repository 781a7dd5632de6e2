import t from 'tap'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { timeouts } from './timeouts.ts'

const cases: readonly [block: string, expected: object | RegExp][] = [
  ['read 5s\n write 10\n idle 1h', [{ readMs: 5000, writeMs: 10_000, idleMs: 3_600_000 }]],
  ['maxtcpqueries 100', [{ maxQueries: 100 }]],
  ['idle 30s\n maxtcpqueries -1', [{ idleMs: 30_000, maxQueries: undefined }]],
  ['maxtcpqueries 0', /expected -1 \(unlimited\) or a whole number from 1, not "0"/],
  ['maxtcpqueries -2', /expected -1/],
  ['read 500ms', /timeouts read: expected a time from 1s to 24h/],
  ['idle 25h', /expected a time from 1s to 24h/],
  ['connect 1s', /connect is not a property of timeouts/],
  ['', /expected a block with read/],
]

for (const [block, expected] of cases)
  t.match(readSettings(timeouts, `timeouts {\n${block}\n}`), expected, block)
t.match(readSettings(timeouts, 'timeouts'), /expected a block with read/)
