/** docs/metrics.md, the catalogue and the program have the same metrics. */
import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { metricCatalogue } from '../../src/ops/metric-catalogue.ts'
import { MetricTotals } from '../../src/ops/metric-totals.ts'
import { MetricsText } from '../../src/ops/metrics-text.ts'

const page = readFileSync('docs/metrics.md', 'utf8')

t.test('docs/metrics.md has a row for every metric', async t => {
  const rows = page
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split('|').slice(1, -1).map(cell => cell.trim().replaceAll('`', '')))
  t.same(
    rows,
    Array.from(metricCatalogue.values(), ({ name, kind, labels, help }) => [
      name,
      kind,
      labels.join(' '),
      help,
    ]),
  )
})

t.test('every metric that the program counts is in the catalogue', async t => {
  for (const file of globSync('src/**/*.ts')) {
    if (file.startsWith('src/ops/')) continue
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/'((?:coredns|signpost)_[a-z\d_]+)'/g))
      t.ok(metricCatalogue.has(name!), `${name} of ${file}`)
  }
})

t.test('docs/metrics.md names the metrics of the process', async t => {
  const text = await new MetricsText(new MetricTotals()).render()
  const names = [...text.matchAll(/^# TYPE (process_\w+)/gm)].map(([, name]) => name!)
  const named = [...page.matchAll(/`(process_\w+)`/g)].map(([, name]) => name!)
  t.same(named.toSorted(), names.toSorted())
})
