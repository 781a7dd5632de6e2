import { admissionMetrics } from './admission-metrics.ts'
import type { MetricDescription } from './metric-description.ts'
import { pluginMetrics } from './plugin-metrics.ts'
import { serverMetrics } from './server-metrics.ts'

/** Every metric there is but those of the process itself, by name. docs/metrics.md lists the same. */
export const metricCatalogue: ReadonlyMap<string, MetricDescription> = new Map(
  [...serverMetrics, ...pluginMetrics, ...admissionMetrics].map(metric => [metric.name, metric]),
)
