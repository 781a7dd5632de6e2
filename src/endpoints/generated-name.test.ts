import t from 'tap'
import { generateName, spellHash } from './generated-name.ts'

const none: ReadonlySet<string> = new Set()

t.test('generateName() appends five letters of the API server, always the same', async t => {
  const name = generateName('web-', 'default/web/0', none)
  t.match(name, /^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  t.equal(generateName('web-', 'default/web/0', none), name)
  t.not(generateName('web-', 'default/web/1', none), name)
})

t.test('generateName() cuts the base to 58 characters', async t => {
  for (const [length, expected] of [
    [57, 62],
    [58, 63],
    [59, 63],
    [253, 63],
  ] as const) {
    t.equal(generateName('a'.repeat(length), 'x', none).length, expected, `base of ${length}`)
  }
})

t.test('generateName() passes over names that are taken', async t => {
  const taken = new Set<string>()
  for (let i = 0; i < 100; i++) taken.add(generateName('web-', 'same seed', taken))
  t.equal(taken.size, 100)
})

t.test('spellHash() spells the decimal digits as the label pod-template-hash does', async t => {
  t.equal(spellHash(0), '4')
  t.equal(spellHash(1234567890), '56789bcdf4')
})
