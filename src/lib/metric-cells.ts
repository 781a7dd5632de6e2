/** What the other side has to know to read a metric that this side counts. */
export interface MetricSeries {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Upper bounds of a histogram's buckets, without +Inf. */
  readonly buckets: readonly number[]
  readonly cells: SharedArrayBuffer
  /** Number of the first of the series' cells: one, or one per bucket, then +Inf, then the sum. */
  readonly first: number
}

/** The same text for a series whatever the order of its labels is. */
export function seriesKey(name: string, labels: MetricSeries['labels']): string {
  return JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

const cellsPerChunk = 1024

/** The metrics that one thread counts, in memory that another reads. One writer, no locks; a reader may see a sum half done. */
export class MetricCells {
  readonly #announce: (series: MetricSeries) => void
  readonly #known = new Map<string, Counter | Histogram>()
  #chunk = new SharedArrayBuffer(cellsPerChunk * 8)
  #used = 0

  /** `announce` is called once for every series, before it counts anything. */
  constructor(announce: (series: MetricSeries) => void) {
    this.#announce = announce
  }

  /** The series of this name and these labels; the same one at every call. */
  counter(name: string, labels: Readonly<Record<string, string>> = {}): Counter {
    return this.#series(name, labels, () => this.#single('counter', name, labels))
  }

  gauge(name: string, labels: Readonly<Record<string, string>> = {}): Counter {
    return this.#series(name, labels, () => this.#single('gauge', name, labels))
  }

  histogram(
    name: string,
    buckets: readonly number[],
    labels: Readonly<Record<string, string>> = {},
  ): Histogram {
    return this.#series(name, labels, () => {
      const first = this.#take(buckets.length + 2)
      const series = {
        kind: 'histogram',
        name,
        labels,
        buckets,
        cells: this.#chunk,
        first,
      } as const
      this.#announce(series)
      return new Histogram(series)
    })
  }

  #single(
    kind: 'counter' | 'gauge',
    name: string,
    labels: Readonly<Record<string, string>>,
  ): Counter {
    const first = this.#take(1)
    this.#announce({ kind, name, labels, buckets: [], cells: this.#chunk, first })
    return new Counter(this.#chunk, first)
  }

  #series<Series extends Counter | Histogram>(
    name: string,
    labels: Readonly<Record<string, string>>,
    make: () => Series,
  ): Series {
    const key = seriesKey(name, labels)
    const known = this.#known.get(key)
    if (known) return known as Series
    const made = make()
    this.#known.set(key, made)
    return made
  }

  #take(count: number): number {
    if (this.#used + count > cellsPerChunk) {
      this.#chunk = new SharedArrayBuffer(cellsPerChunk * 8)
      this.#used = 0
    }
    const first = this.#used
    this.#used += count
    return first
  }
}

/** One cell: a counter, or a gauge. */
export class Counter {
  readonly #cells: Float64Array
  readonly #index: number

  constructor(cells: SharedArrayBuffer, index: number) {
    this.#cells = new Float64Array(cells)
    this.#index = index
  }

  add(amount = 1): void {
    this.#cells[this.#index]! += amount
  }

  set(value: number): void {
    this.#cells[this.#index] = value
  }
}

export class Histogram {
  readonly #cells: Float64Array
  readonly #buckets: readonly number[]
  readonly #first: number

  constructor({ cells, buckets, first }: MetricSeries) {
    this.#cells = new Float64Array(cells)
    this.#buckets = buckets
    this.#first = first
  }

  observe(value: number): void {
    const buckets = this.#buckets
    let bucket = 0
    while (bucket < buckets.length && value > buckets[bucket]!) bucket++
    this.#cells[this.#first + bucket]! += 1
    this.#cells[this.#first + buckets.length + 1]! += value
  }
}
