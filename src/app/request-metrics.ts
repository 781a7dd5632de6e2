import type { Histogram, MetricCells } from '../lib/metric-cells.ts'
import { requestBuckets } from '../ops/buckets.ts'
import type { ReflectorRequest } from '../reflector/reflector-observer.ts'

/** Counts requests to the API server as Kubernetes' client for Go does. */
export class RequestMetrics {
  readonly #host: string
  readonly #cells: MetricCells
  readonly #seconds: Histogram

  /** `server` is its address, `https://10.96.0.1:443`. */
  constructor(server: string, cells: MetricCells) {
    this.#host = new URL(server).host
    this.#cells = cells
    this.#seconds = cells.histogram(
      'coredns_kubernetes_rest_client_request_duration_seconds',
      requestBuckets,
      { verb: 'GET', host: this.#host },
    )
  }

  count({ status, tookMs }: ReflectorRequest): void {
    const code = status === undefined ? '<error>' : String(status)
    const labels = { code, method: 'GET', host: this.#host }
    this.#cells.counter('coredns_kubernetes_rest_client_requests_total', labels).add()
    this.#seconds.observe(tookMs / 1000)
  }
}
