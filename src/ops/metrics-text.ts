import { collectDefaultMetrics, type Metric, Registry } from 'prom-client'
import { metricCatalogue } from './metric-catalogue.ts'
import type { MetricFamily, MetricTotals } from './metric-totals.ts'

/** How often the delay of the control thread's event loop is looked at: ten times a second wakes nobody up. */
const loopDelayMs = 100

/** The scrape: Prometheus' text format. */
export class MetricsText {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE
  readonly #totals: MetricTotals
  /** `process_*` and `nodejs_*`. */
  readonly #process = new Registry()

  constructor(totals: MetricTotals) {
    this.#totals = totals
    collectDefaultMetrics({ register: this.#process, eventLoopMonitoringPrecision: loopDelayMs })
  }

  async render(): Promise<string> {
    const registry = new Registry()
    const families = new Map(this.#totals.families().map(family => [family.name, family]))
    for (const { name, kind, labels } of metricCatalogue.values()) {
      // A counter without labels is 0 before it counts: `rate()` would miss its first step otherwise.
      if (kind !== 'counter' || labels.length > 0 || families.has(name)) continue
      families.set(name, {
        name,
        kind,
        buckets: [],
        samples: [{ labels: {}, values: new Float64Array(1) }],
      })
    }
    for (const family of families.values()) registry.registerMetric(metricOf(family))
    return `${await registry.metrics()}\n${await this.#process.metrics()}`
  }
}

/** A line of a scrape. */
interface Line {
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What a registry asks of a metric is its name and what `get` gives; prom-client's own classes would count for themselves. */
function metricOf(family: MetricFamily): Metric {
  const { name, kind } = family
  const values = kind === 'histogram' ? histogramLines(family) : singleLines(family)
  const help = metricCatalogue.get(name)?.help ?? ''
  return {
    name,
    get: () => Promise.resolve({ name, help, type: kind, values }),
  } as unknown as Metric
}

function singleLines({ samples }: MetricFamily): Line[] {
  return samples.map(({ labels, values }) => ({ labels, value: values[0]! }))
}

/** Buckets in the text format count all below them too. */
function histogramLines({ name, samples, buckets }: MetricFamily): Line[] {
  return samples.flatMap(({ labels, values }) => {
    let count = 0
    const bucketValues = [...buckets.map(String), '+Inf'].map((le, index) => {
      count += values[index]!
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count }
    })
    return [
      ...bucketValues,
      { metricName: `${name}_sum`, labels, value: values[buckets.length + 1]! },
      { metricName: `${name}_count`, labels, value: count },
    ]
  })
}
