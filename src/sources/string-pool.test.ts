import t from 'tap'
import { noLabels } from '../objects/labels.ts'
import { StringPool } from './string-pool.ts'

t.test('StringPool.detach() copies an object in full and keeps its prototypes', async t => {
  const labels = Object.assign(Object.create(null) as object, { constructor: 'x', a: 'ж' })
  const object = { a: ['b', 1, true, null, undefined], c: { labels, none: noLabels } }
  const copy = new StringPool().detach(object)
  t.strictSame(copy, object)
  t.equal(Object.getPrototypeOf(copy.c.labels), null)
  t.equal(copy.c.none, noLabels)
  t.not(copy.a, object.a)
})
