import t from 'tap'
import { noLabels } from '../objects/labels.ts'
import { StringPool } from './string-pool.ts'

t.test('StringPool.detach() keeps an object as it is, prototypes included', async t => {
  const labels = Object.assign(Object.create(null) as object, { constructor: 'x', a: 'ж' })
  const object = { a: ['b', 1, true, null, undefined], c: { labels, none: noLabels } }
  const before = structuredClone(object.a)
  const copy = new StringPool().detach(object)
  t.strictSame(copy.a, before)
  t.strictSame({ ...copy.c.labels }, { constructor: 'x', a: 'ж' })
  t.equal(Object.getPrototypeOf(copy.c.labels), null)
  t.equal(copy.c.none, noLabels)
})

t.test('StringPool.detach() gives out one list for equal ports, and only for those', async t => {
  const pool = new StringPool()
  const [one, equal, other, text] = [
    { ports: [{ name: 'http', port: 80 }] },
    { ports: [{ name: 'http', port: 80 }] },
    { ports: [{ name: 'http', port: 81 }] },
    { ports: 'a label' },
  ].map(object => pool.detach(object).ports)
  t.equal(equal, one)
  t.strictSame(
    [one, other, text],
    [[{ name: 'http', port: 80 }], [{ name: 'http', port: 81 }], 'a label'],
  )
})
