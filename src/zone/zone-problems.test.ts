import t from 'tap'
import { renderZoneProblem, ZoneProblems } from './zone-problems.ts'

t.test('ZoneProblems counts by kind until they are taken, and keeps the first example', async t => {
  const problems = new ZoneProblems()
  problems.note('bad-address', 'default/web')
  problems.note('illegal-name', 'default/db')
  problems.note('bad-address', 'default/other')
  t.same(problems.take(), [
    { kind: 'bad-address', count: 2, example: 'default/web' },
    { kind: 'illegal-name', count: 1, example: 'default/db' },
  ])
  t.same(problems.take(), [])
})

t.test('renderZoneProblem() says how many, what and the first', async t => {
  const cases = [
    { kind: 'illegal-name', says: 'names that are longer than DNS allows, and so are left out' },
    { kind: 'bad-address', says: 'addresses that do not read, and so have no records' },
    {
      kind: 'cut-answer',
      says: 'answers with more records than a message can carry, cut to what fits',
    },
  ] as const
  for (const { kind, says } of cases) {
    const text = renderZoneProblem({ kind, count: 3, example: 'default/web' })
    t.equal(text, `3 ${says}; the first is default/web`)
  }
})
