import t from 'tap'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { multisocket } from './multisocket.ts'

const cases: readonly [lines: string, expected: object | RegExp][] = [
  ['multisocket', [{ sockets: undefined }]],
  ['multisocket 4', [{ sockets: 4 }]],
  ['multisocket 0', /expected a whole number from 1 to 1024, not "0"/],
  ['multisocket 1025', /from 1 to 1024/],
  ['multisocket 2 2', /too many arguments/],
]

for (const [lines, expected] of cases) t.match(readSettings(multisocket, lines), expected, lines)
