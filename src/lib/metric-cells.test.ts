import t from 'tap'
import { MetricCells, type MetricSeries } from './metric-cells.ts'

function valuesOf({ cells, first, kind, buckets }: MetricSeries): number[] {
  return [...new Float64Array(cells, first * 8, kind === 'histogram' ? buckets.length + 2 : 1)]
}

t.test('MetricCells announces a series once and counts in its memory', async t => {
  const announced: MetricSeries[] = []
  const cells = new MetricCells(series => announced.push(series))
  const counter = cells.counter('hits_total', { zone: '.', type: 'A' })
  counter.add()
  counter.add(2)
  t.equal(cells.counter('hits_total', { type: 'A', zone: '.' }), counter, 'in any order of labels')
  cells.gauge('entries').set(7)
  t.match(announced, [
    { kind: 'counter', name: 'hits_total', labels: { zone: '.', type: 'A' } },
    { kind: 'gauge', name: 'entries', labels: {} },
  ])
  t.strictSame(announced.map(valuesOf), [[3], [7]])
})

t.test('a histogram counts each value in the first bucket that holds it, and the sum', async t => {
  const announced: MetricSeries[] = []
  const cells = new MetricCells(series => announced.push(series))
  const sizes = cells.histogram('size_bytes', [10, 20])
  for (const value of [1, 10, 11, 25]) sizes.observe(value)
  t.equal(cells.histogram('size_bytes', [10, 20]), sizes)
  t.strictSame(announced.map(valuesOf), [[2, 1, 1, 47]])
})

t.test('more series than one piece of memory holds go to the next', async t => {
  const announced: MetricSeries[] = []
  const cells = new MetricCells(series => announced.push(series))
  for (let i = 0; i < 1100; i++) cells.counter('many_total', { i: String(i) }).add(i)
  t.equal(new Set(announced.map(series => series.cells)).size, 2)
  t.ok(announced.every((series, i) => valuesOf(series)[0] === i))
})
