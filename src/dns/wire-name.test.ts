import fc from 'fast-check'
import t from 'tap'
import {
  isInZone,
  isSameName,
  labelsOf,
  lowerCaseName,
  nameFromLabels,
  parseName,
  renderName,
} from './wire-name.ts'

t.test('parseName() reads names as people write them', async t => {
  const cases: readonly [text: string, rendered: string | undefined][] = [
    ['web.default.svc.cluster.local', 'web.default.svc.cluster.local.'],
    ['web.', 'web.'],
    ['.', '.'],
    ['', '.'],
    ['a\\.b.c', 'a\\.b.c.'],
    ['a\\.', 'a\\..'],
    ['a\\\\.', 'a\\\\.'],
    ['a\\000b', 'a\\000b.'],
    ['@;("$)*_', '\\@\\;\\(\\"\\$\\)*_.'],
    ['a\\256', undefined],
    ['a\\25', undefined],
    ['a..b', undefined],
    ['.a', undefined],
    ['a'.repeat(63), `${'a'.repeat(63)}.`],
    ['a'.repeat(64), undefined],
    ['a.'.repeat(127), 'a.'.repeat(127)],
    ['a.'.repeat(128), undefined],
    ['é', '\\233.'],
    ['日', undefined],
  ]
  for (const [text, rendered] of cases) {
    const name = parseName(text)
    t.equal(name && renderName(name), rendered, JSON.stringify(text))
  }
})

t.test('every legal name survives text and back', async t => {
  const label = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 20,
  })
  fc.assert(
    fc.property(fc.array(label, { maxLength: 8 }), labels => {
      const name = nameFromLabels(labels)!
      t.same(parseName(renderName(name)), name)
      t.same(labelsOf(name), labels)
    }),
  )
})

t.test('isInZone() compares whole labels', async t => {
  const zone = parseName('cluster.local')!
  const cases: readonly [name: string, inside: boolean][] = [
    ['cluster.local', true],
    ['svc.cluster.local', true],
    ['xcluster.local', false],
    ['cluster.locax', false],
    ['local', false],
    ['a\\.cluster.local', false],
  ]
  for (const [name, inside] of cases) t.equal(isInZone(parseName(name)!, zone), inside, name)
  t.ok(isInZone(zone, parseName('.')!))
  const scratch = new Uint8Array(255).fill(1)
  const name = parseName('web.example.org')!
  scratch.set(name)
  t.ok(isInZone(scratch, parseName('example.org')!, name.length))
  t.notOk(isInZone(scratch, parseName('org')!, name.length - 1))
})

t.test('lowerCaseName() folds ASCII letters only', async t => {
  t.equal(renderName(lowerCaseName(parseName('WEB.\\201x-Z')!)), 'web.\\201x-z.')
})

t.test('isSameName() looks at no letter case', async t => {
  const cases: readonly [a: string, b: string, same: boolean][] = [
    ['web.local', 'WEB.LocaL', true],
    ['.', '.', true],
    ['web.local', 'web.loca', false],
    ['web.local', 'web.locam', false],
    ['a.bc', 'ab.c', false],
    ['\\201', '\\233', false],
    ['@', '`', false],
    ['[', '{', false],
  ]
  for (const [a, b, same] of cases) {
    t.equal(isSameName(parseName(a)!, parseName(b)!), same, `${a} ${b}`)
  }
})
