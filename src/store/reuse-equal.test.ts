import t from 'tap'
import { endpoint, slice } from '../../test/support/cluster-objects.ts'
import { isEqual, reuseEqualSlice } from './reuse-equal.ts'

t.test('isEqual() compares plain data', async t => {
  const cases: readonly [a: unknown, b: unknown, equal: boolean][] = [
    [1, 1, true],
    ['1', 1, false],
    [null, {}, false],
    [{}, null, false],
    [undefined, null, false],
    [[], {}, false],
    [['a', 'b'], ['a', 'b'], true],
    [['a', 'b'], ['b', 'a'], false],
    [['a'], ['a', 'b'], false],
    [{ a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 }, true],
    [{ a: 1, b: { c: [2] } }, { a: 1, b: { c: [3] } }, false],
    [{ a: undefined }, {}, false],
    [{ a: undefined }, { b: undefined }, false],
  ]
  for (const [a, b, equal] of cases) {
    t.equal(isEqual(a, b), equal, `${JSON.stringify(a)} ${JSON.stringify(b)}`)
  }
})

t.test('reuseEqualSlice() keeps what says the same', async t => {
  const [one, two, three] = [1, 2, 3].map(last => endpoint(`172.0.0.${last}`))
  const of = (...endpoints: (typeof one)[]) =>
    slice('default/web/a', { ports: ['http:80'], endpoints: endpoints.map(each => ({ ...each! })) })
  const previous = of(one, two)
  t.equal(reuseEqualSlice(previous, of(one, two)), previous, 'all of it')

  const cases: readonly [what: string, next: ReturnType<typeof of>, from: readonly number[]][] = [
    ['one more', of(one, two, three), [0, 1, -1]],
    ['one less', of(two), [1]],
    ['another order', of(two, one), [1, 0]],
    ['changed in its place', of({ ...one!, ready: false }, two), [-1, 1]],
    ['changed and moved', of(two, { ...one!, ready: false }), [1, -1]],
  ]
  for (const [what, next, from] of cases) {
    const reused = reuseEqualSlice(previous, next)
    t.same(reused, next, what)
    t.equal(reused.ports, previous.ports, `${what}: the ports`)
    const found = reused.endpoints.map(each => previous.endpoints.indexOf(each))
    t.same(found, from, `${what}: places in the slice before`)
  }
  const other = slice('default/web/a', { ports: ['http:81'], endpoints: [one!, two!] })
  t.equal(reuseEqualSlice(previous, other).ports, other.ports, 'other ports')
})
