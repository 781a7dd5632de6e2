import t from 'tap'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { health } from './health.ts'

const cases: readonly [lines: string, expected: object | RegExp][] = [
  ['health', [{ host: '', port: 8080, lameduckMs: 0 }]],
  ['health :8090', [{ host: '', port: 8090, lameduckMs: 0 }]],
  [
    'health 169.254.20.10:8080 {\n lameduck 5s\n}',
    [{ host: '169.254.20.10', port: 8080, lameduckMs: 5000 }],
  ],
  ['health [::1]:8080', [{ host: '::1', port: 8080, lameduckMs: 0 }]],
  ['health :x', /health: expected an address like :8080/],
  ['health {\n lameduck\n}', /health lameduck: expected a duration like 30s at the end/],
  ['health {\n lameduck 5\n}', /expected a duration like 30s, not "5"/],
  ['health {\n lame 5s\n}', /lame is not a property of health: known are lameduck/],
  ['health\n health', /only once/],
]

for (const [lines, expected] of cases) t.match(readSettings(health, lines), expected, lines)
