import t from 'tap'
import { isSealed, sealClaim, sealKeyOf } from './service-claim-seal.ts'

const [key, other] = [sealKeyOf('one key'), sealKeyOf('another key')]
const body = '{"address":"10.96.0.9","key":"a/b"}'
const at = 1_760_000_000_000
const seal = sealClaim(body, at, key)

const cases: [
  why: string,
  body: string,
  seal: string,
  keys: Buffer[],
  atMs: number,
  is: boolean,
][] = [
  ['ours', body, seal, [key], at, true],
  ['of the key before', body, seal, [other, key], at, true],
  ['of another key', body, seal, [other], at, false],
  ['of nobody', body, seal, [], at, false],
  ['of something else', `${body} `, seal, [key], at, false],
  ['a clock that is behind', body, seal, [key], at - 30_000, true],
  ['a clock that is far behind', body, seal, [key], at - 30_001, false],
  ['said again later', body, seal, [key], at + 30_001, false],
  ['with another time', body, seal.replace('1760', '1761'), [key], at, false],
  ['cut', body, seal.slice(0, -1), [key], at, false],
  ['empty', body, '', [key], at, false],
]

t.test('isSealed() knows what a replica of the same webhook has sent just now', async t => {
  for (const [why, body, seal, keys, unixMs, is] of cases)
    t.equal(isSealed(body, seal, { keys, unixMs }), is, why)
})
