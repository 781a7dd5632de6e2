import t from 'tap'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { ready } from './ready.ts'

const cases: readonly [lines: string, expected: object | RegExp][] = [
  ['ready', [{ host: '', port: 8181, monitor: 'until-ready' }]],
  [
    'ready localhost:8081 {\n monitor continuously\n}',
    [{ host: 'localhost', port: 8081, monitor: 'continuously' }],
  ],
  ['ready {\n monitor often\n}', /expected one of until-ready, continuously, not "often"/],
  ['ready a b', /too many arguments/],
]

for (const [lines, expected] of cases) t.match(readSettings(ready, lines), expected, lines)
