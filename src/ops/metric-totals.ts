import { MetricCells, type MetricSeries, seriesKey } from '../lib/metric-cells.ts'

type Labels = Readonly<Record<string, string>>

/** One series of a metric, summed over all threads. */
export interface MetricSample {
  readonly labels: Labels
  /** One value; of a histogram, the count of each bucket by itself, then of those beyond, then the sum. */
  readonly values: Float64Array
}

/** All series of one metric. */
export interface MetricFamily {
  readonly name: string
  readonly kind: MetricSeries['kind']
  readonly buckets: readonly number[]
  readonly samples: readonly MetricSample[]
}

/** The control thread among the numbers of the serving threads. */
const controlThread = -1

/**
 * What all threads count, summed up when somebody asks: a scrape reads shared memory and costs serving threads nothing.
 * What a thread has counted stays in the sums when it dies, so counters never go back; its gauges go with it.
 */
export class MetricTotals {
  /** Where the control thread counts. */
  readonly control = new MetricCells(series => this.add(controlThread, series))
  readonly #live = new Map<number, Map<string, MetricSeries>>()
  readonly #dead = new Map<string, Sum>()
  readonly #rows = new Map<string, readonly MetricSample[]>()

  /** A thread begins to count something. */
  add(thread: number, series: MetricSeries): void {
    const all = this.#live.get(thread) ?? new Map<string, MetricSeries>()
    all.set(seriesKey(series.name, series.labels), series)
    this.#live.set(thread, all)
  }

  /** A thread is gone. */
  forget(thread: number): void {
    for (const [key, series] of this.#live.get(thread) ?? []) {
      if (series.kind !== 'gauge') addTo(this.#dead, key, series)
    }
    this.#live.delete(thread)
  }

  /** Sets a gauge whose series come and go as a whole, such as the list of plugins. */
  setRows(
    name: string,
    rows: readonly { readonly labels: Labels; readonly value: number }[],
  ): void {
    this.#rows.set(
      name,
      rows.map(({ labels, value }) => ({ labels, values: Float64Array.of(value) })),
    )
  }

  /** Everything as it is now, by name. */
  families(): MetricFamily[] {
    const sums = new Map<string, Sum>()
    for (const [key, { series, values }] of this.#dead) {
      sums.set(key, { series, values: Float64Array.from(values) })
    }
    for (const all of this.#live.values()) {
      for (const [key, series] of all) addTo(sums, key, series)
    }
    const families = Array.from(
      Map.groupBy(sums.values(), ({ series }) => series.name),
      ([name, group]): MetricFamily => ({
        name,
        kind: group[0]!.series.kind,
        buckets: group[0]!.series.buckets,
        samples: group.map(({ series, values }) => ({ labels: series.labels, values })),
      }),
    )
    for (const [name, samples] of this.#rows) {
      families.push({ name, kind: 'gauge', buckets: [], samples })
    }
    return families.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }
}

interface Sum {
  readonly series: MetricSeries
  readonly values: Float64Array
}

function addTo(sums: Map<string, Sum>, key: string, series: MetricSeries): void {
  const length = series.kind === 'histogram' ? series.buckets.length + 2 : 1
  const cells = new Float64Array(
    series.cells,
    series.first * Float64Array.BYTES_PER_ELEMENT,
    length,
  )
  const sum = sums.get(key)
  if (!sum) return void sums.set(key, { series, values: Float64Array.from(cells) })
  for (let i = 0; i < length; i++) sum.values[i]! += cells[i]!
}
