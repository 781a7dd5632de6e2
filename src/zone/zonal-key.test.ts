import t from 'tap'
import { isZonalKey, zonalDirectiveOf } from './zonal-key.ts'

t.test('zonalDirectiveOf() and isZonalKey() know names by zone', async t => {
  const cases: readonly [key: string, directive: string | undefined, isZonal: boolean][] = [
    ['a.pin._zone', 'pin', true],
    ['a.b.prefer._zone', 'prefer', true],
    ['pin._zone', undefined, true],
    ['a.near._zone', undefined, true],
    ['_zone', undefined, false],
    ['_http._tcp', undefined, false],
    ['one', undefined, false],
    ['', undefined, false],
  ]
  for (const [key, directive, isZonal] of cases) {
    t.equal(zonalDirectiveOf(key), directive, key)
    t.equal(isZonalKey(key), isZonal, key)
  }
})
