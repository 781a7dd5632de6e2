import fc from 'fast-check'
import t from 'tap'
import { type Labels, matchesLabels } from '../objects/labels.ts'
import { SelectorIndex } from './selector-index.ts'

const labels = fc
  .dictionary(fc.constantFrom('app', 'tier', 'constructor', '__proto__'), fc.constantFrom('a', 'b'))
  .map(pairs => Object.assign(Object.create(null) as Record<string, string>, pairs) as Labels)

t.test('SelectorIndex.match() finds what matchesLabels() finds, each once', async t => {
  const selectors = fc.array(labels.filter(pairs => Object.keys(pairs).length > 0))
  fc.assert(
    fc.property(selectors, fc.array(fc.nat(20)), labels, (added, removed, subject) => {
      const index = new SelectorIndex<number>()
      for (const [item, selector] of added.entries()) index.add(selector, item)
      for (const item of removed) if (added[item]) index.remove(added[item], item)
      const expected = [...added.keys()].filter(
        item => !removed.includes(item) && matchesLabels(added[item]!, subject),
      )
      const found = index.match(subject).sort((a, b) => a - b)
      return JSON.stringify(found) === JSON.stringify(expected)
    }),
    { numRuns: 300 },
  )
  t.pass()
})

t.test('SelectorIndex.add() refuses the empty selector', async t => {
  t.throws(() => new SelectorIndex<number>().add({}, 1), RangeError)
})
