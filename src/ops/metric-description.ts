/** A metric as scrapes show it: what stands in its HELP and TYPE lines, and what its series differ in. */
export interface MetricDescription {
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
  /** Upper bounds of a histogram's buckets, without +Inf. */
  readonly buckets?: readonly number[]
}

/** `labels` as text: `server zone view`; empty for none. */
export function counter(name: string, labels: string, help: string): MetricDescription {
  return { name, kind: 'counter', labels: split(labels), help }
}

export function gauge(name: string, labels: string, help: string): MetricDescription {
  return { name, kind: 'gauge', labels: split(labels), help }
}

export function histogram(
  name: string,
  { labels, buckets }: { readonly labels: string; readonly buckets: readonly number[] },
  help: string,
): MetricDescription {
  return { name, kind: 'histogram', labels: split(labels), help, buckets }
}

function split(labels: string): string[] {
  return labels === '' ? [] : labels.split(' ')
}
