import fc from 'fast-check'
import t from 'tap'
import { OffsetSet } from './offset-set.ts'

t.test('OffsetSet does what a Set does', async t => {
  const offset = fc.oneof(
    fc.integer({ min: 0, max: 70 }),
    fc.integer({ min: 32_760, max: 32_800 }),
    fc.integer({ min: 2 ** 24 - 40, max: 2 ** 24 }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(offset, fc.boolean()), { maxLength: 200 }), steps => {
      const model = new Set<number>()
      const set = new OffsetSet()
      return steps.every(([value, isAdd]) => {
        const isNew = !model.has(value)
        const answer = isAdd ? set.add(value) : set.delete(value)
        if (isAdd) model.add(value)
        else model.delete(value)
        return (
          answer === (isAdd ? isNew : !isNew) &&
          set.count === model.size &&
          set.has(value) === isAdd &&
          set.has(value + 1) === model.has(value + 1)
        )
      })
    }),
  )
  t.pass()
})

t.test('OffsetSet says what was there', async t => {
  const set = new OffsetSet()
  t.strictSame(
    [set.delete(5), set.add(5), set.add(5), set.count, set.delete(5), set.has(5), set.count],
    [false, true, false, 1, true, false, 0],
  )
})
