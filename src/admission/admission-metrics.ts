import type { Counter, MetricCells } from '../lib/metric-cells.ts'

/** 0.25 ms to 8.192 s, each twice the one before: API servers wait from 1 s to 30 s. */
const buckets: readonly number[] = Array.from({ length: 16 }, (_, n) => 0.00025 * 2 ** n)

/** One request, as it is counted. */
export interface CountedRequest {
  /** The path without its slash, `pods`; '' for paths that nobody has. */
  readonly webhook: string
  /** '' where it was answered before that was known. */
  readonly operation: string
  /** Of HTTP; `gone` where nobody waited for the answer. */
  readonly code: string
  /** `undefined` where there was none. */
  readonly outcome: string | undefined
  readonly tookMs: number
}

/** What the admission server counts. */
export class AdmissionMetrics {
  readonly #cells: MetricCells
  readonly #inFlight: Counter

  constructor(cells: MetricCells) {
    this.#cells = cells
    this.#inFlight = cells.gauge('signpost_admission_in_flight_requests')
  }

  set inFlight(requests: number) {
    this.#inFlight.set(requests)
  }

  count({ webhook, operation, code, outcome, tookMs }: CountedRequest): void {
    const cells = this.#cells
    cells.counter('signpost_admission_requests_total', { webhook, operation, code }).add()
    cells
      .histogram('signpost_admission_request_duration_seconds', buckets, { webhook })
      .observe(tookMs / 1000)
    if (outcome === undefined) return
    cells.counter('signpost_admission_decisions_total', { webhook, outcome }).add()
  }
}
