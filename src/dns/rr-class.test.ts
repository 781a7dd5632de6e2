import t from 'tap'
import { renderRrClass } from './rr-class.ts'

const cases: readonly [rrClass: number, text: string][] = [
  [1, 'IN'],
  [3, 'CH'],
  [5, 'CLASS5'],
  [255, 'ANY'],
  [65_535, 'CLASS65535'],
]

t.test('renderRrClass() writes the name, or the number', async t => {
  for (const [rrClass, text] of cases) t.equal(renderRrClass(rrClass), text)
})
