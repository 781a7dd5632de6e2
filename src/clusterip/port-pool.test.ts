import t from 'tap'
import { defaultNodePortRange, PortPool } from './port-pool.ts'

t.test('PortPool cuts the bands as Kubernetes does', async t => {
  const cases: [first: number, last: number, staticSize: number][] = [
    [30000, 32767, 86],
    [30000, 30015, 0],
    [30000, 30016, 16],
    [30000, 30999, 31],
    [1024, 65535, 128],
  ]
  for (const [first, last, staticSize] of cases)
    t.equal(new PortPool({ first, last }).usage().static.size, staticSize, `${first}-${last}`)
})

t.test('PortPool gives ports by name and purpose, each once', async t => {
  const pool = new PortPool(defaultNodePortRange)
  t.equal(pool.takeNext('80', 'default/web'), 30595)
  t.equal(pool.ownerOf(30595), 'default/web')
  t.equal(pool.take(30595, 'default/api'), 'taken')
  t.equal(pool.restore(30595, 'default/api'), 'taken')
  t.equal(pool.take(29999, 'default/api'), 'outside')
  pool.release(30595, 'default/web')
  t.equal(pool.ownerOf(30595), 'default/api')
  t.equal(pool.rangeText, '30000-32767')
})

t.test('PortPool.takeNext() answers undefined when all are taken', async t => {
  const pool = new PortPool({ first: 30000, last: 30001 })
  t.same(new Set([pool.takeNext('80', 'a/b'), pool.takeNext('81', 'a/b')]), new Set([30000, 30001]))
  t.equal(pool.takeNext('82', 'a/b'), undefined)
})
