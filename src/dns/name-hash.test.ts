import t from 'tap'
import { emptyNameHash, extendNameHash, finishNameHash, hashName } from './name-hash.ts'
import { parseName } from './wire-name.ts'

t.test('extendNameHash() is FNV-1a', async t => {
  // Test vectors of draft-eastlake-fnv.
  const cases: readonly [text: string, hash: number][] = [
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ]
  for (const [text, hash] of cases) {
    t.equal(Buffer.from(text).reduce(extendNameHash, emptyNameHash), hash | 0, text)
  }
})

t.test('hashName() hashes the name that begins at an offset like the name alone', async t => {
  const name = parseName('web.default.svc')!
  t.equal(hashName(name, 4), hashName(parseName('default.svc')!))
  t.equal(hashName(name), finishNameHash(name.reduce(extendNameHash, emptyNameHash)))
  t.not(hashName(name), hashName(name, 4))
})

t.test('hashName() spreads names that differ in their last label over all slots', async t => {
  const slots = new Set(
    Array.from({ length: 1024 }, (_, i) => hashName(parseName(`web.ns-${i}`)!) & 1023),
  )
  // Chance fills 1 − 1/e of them.
  t.ok(slots.size > 600, `${slots.size} of 1024`)
})
