import t from 'tap'
import { NumberPool } from './number-pool.ts'

/** 1 to 30, of which 1 to 16 are static. */
const range = { first: 1n, size: 30n, staticSize: 16n }

t.test('NumberPool.takeNext() starts at the hash in the dynamic band and wraps', async t => {
  const pool = new NumberPool([range])
  t.same(
    [11, 11, 12, 11].map(hash => pool.takeNext(hash, 'a')),
    [28n, 29n, 30n, 17n],
  )
  t.equal(pool.takeNext(14 * 5 + 11, 'b'), 18n)
})

t.test('NumberPool.takeNext() uses the static band, then the next range, when full', async t => {
  const second = { first: 100n, size: 2n, staticSize: 0n }
  const pool = new NumberPool([range, second])
  const values = Array.from({ length: 32 }, () => pool.takeNext(5, 'a'))
  t.equal(new Set(values).size, 32)
  t.same(values.slice(0, 2), [22n, 23n])
  t.same(values.slice(13, 16), [21n, 6n, 7n])
  t.same(values.slice(30), [101n, 100n])
  t.equal(pool.takeNext(5, 'a'), undefined)
})

t.test('NumberPool.take() gives any free number of any band', async t => {
  const pool = new NumberPool([range])
  const cases: [value: bigint, refusal: string | undefined][] = [
    [1n, undefined],
    [30n, undefined],
    [30n, 'taken'],
    [0n, 'outside'],
    [31n, 'outside'],
  ]
  for (const [value, refusal] of cases) t.equal(pool.take(value, 'a'), refusal, `${value}`)
  t.equal(pool.ownerOf(1n), 'a')
  t.same(pool.usage(), [{ static: { taken: 1, size: 16 }, dynamic: { taken: 1, size: 14 } }])
})

t.test('NumberPool.release() frees only what the owner has', async t => {
  const pool = new NumberPool([range])
  pool.take(20n, 'a')
  pool.release(20n, 'b')
  t.equal(pool.ownerOf(20n), 'a')
  pool.release(20n, 'a')
  t.equal(pool.ownerOf(20n), undefined)
  t.same(pool.usage(), new NumberPool([range]).usage())
})

t.test('NumberPool.restore() keeps the first owner and lets the others inherit', async t => {
  const pool = new NumberPool([range])
  t.equal(pool.restore(20n, 'a'), undefined)
  t.equal(pool.restore(20n, 'a'), undefined, 'twice by the same owner')
  t.equal(pool.restore(20n, 'b'), 'taken')
  t.equal(pool.restore(20n, 'c'), 'taken')
  t.equal(pool.restore(99n, 'a'), 'outside')
  pool.release(20n, 'b')
  t.equal(pool.ownerOf(20n), 'a', 'who waits can leave')
  pool.release(20n, 'a')
  t.equal(pool.ownerOf(20n), 'c')
  t.equal(pool.take(20n, 'd'), 'taken')
  pool.release(20n, 'c')
  t.equal(pool.take(20n, 'd'), undefined)
})

t.test('NumberPool counts a number of overlapping ranges once, in each', async t => {
  const pool = new NumberPool([range, { first: 10n, size: 100n, staticSize: 0n }])
  t.equal(pool.take(12n, 'a'), undefined)
  t.equal(pool.take(12n, 'b'), 'taken')
  t.same(
    pool.usage().map(usage => [usage.static.taken, usage.dynamic.taken]),
    [
      [1, 0],
      [0, 1],
    ],
  )
})

t.test('NumberPool.takeNext() finds the one number that is left, wherever it starts', async t => {
  const pool = new NumberPool([{ first: 1n, size: 65534n, staticSize: 256n }])
  for (let value = 1n; value < 65534n; value++) pool.take(value, `ns/s${value}`)
  for (const hash of [7, 1000, 65000]) {
    t.equal(pool.takeNext(hash, 'last'), 65534n, `from ${hash}`)
    pool.release(65534n, 'last')
  }
})

t.test('NumberPool does not choose what is reserved, and gives it to who asks', async t => {
  const pool = new NumberPool([range], [{ first: 20n, size: 10n }])
  t.equal(pool.takeNext(3, 'a'), 30n)
  t.equal(pool.takeNext(3, 'a'), 17n)
  t.equal(pool.take(25n, 'a'), undefined)
})

t.test('NumberPool.bandOf() tells the bands apart', async t => {
  const pool = new NumberPool([range, { first: 10n, size: 30n, staticSize: 0n }])
  t.same(
    [0n, 1n, 16n, 17n, 31n, 40n].map(value => pool.bandOf(value)),
    [undefined, 'static', 'static', 'dynamic', 'dynamic', undefined],
  )
})
