import t from 'tap'
import { isOlderVersion } from './resource-version.ts'

t.test('isOlderVersion() compares numbers of any length, and nothing else', async t => {
  const cases: readonly [version: string, other: string, isOlder: boolean][] = [
    ['1', '2', true],
    ['2', '1', false],
    ['2', '2', false],
    ['9', '10', true],
    ['10', '9', false],
    ['9007199254740992', '9007199254740993', true],
    ['', '1', false],
    ['a', 'b', false],
    ['1', 'b', false],
  ]
  for (const [version, other, isOlder] of cases)
    t.equal(isOlderVersion(version, other), isOlder, `${version} < ${other}`)
})
