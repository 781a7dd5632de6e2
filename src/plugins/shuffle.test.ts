import t from 'tap'
import { shuffle } from './shuffle.ts'

t.test('shuffle() gives every order, and leaves what it is given', async t => {
  const values = [1, 2, 3]
  const orders = new Set(Array.from({ length: 500 }, () => shuffle(values).join('')))
  t.equal(orders.size, 6)
  t.same(values, [1, 2, 3])
  t.same(shuffle([1]), [1])
  t.same(shuffle([]), [])
})
