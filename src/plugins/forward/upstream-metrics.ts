import { renderRcode } from '../../dns/rcode.ts'
import type { Counter, Histogram, MetricCells } from '../../lib/metric-cells.ts'

/** CoreDNS's buckets for times: 0.25 ms to 8.192 s. */
const timeBuckets = Array.from({ length: 16 }, (_, n) => 0.00025 * 2 ** n)

/**
 * What is counted of one upstream, `to`. The `coredns_forward_…` series with that label are gone from CoreDNS, but dashboards
 * and alerts still ask for them.
 */
export class UpstreamMetrics {
  readonly #cells: MetricCells
  readonly #to: string
  readonly #requests: Counter
  readonly #probeFailures: readonly Counter[]
  readonly #connections = new Map<string, Counter>()
  readonly #ofRcode = new Map<number, { durations: readonly Histogram[]; responses: Counter }>()

  constructor(cells: MetricCells, to: string) {
    this.#cells = cells
    this.#to = to
    this.#requests = cells.counter('coredns_forward_requests_total', { to })
    this.#probeFailures = [
      cells.counter('coredns_proxy_healthcheck_failures_total', { proxy_name: 'forward', to }),
      cells.counter('coredns_forward_healthcheck_failures_total', { to }),
    ]
  }

  asked(): void {
    this.#requests.add()
  }

  answered(rcode: number, seconds: number): void {
    const { durations, responses } = this.#seriesOf(rcode)
    responses.add()
    for (const duration of durations) duration.observe(seconds)
  }

  probeFailed(): void {
    for (const counter of this.#probeFailures) counter.add()
  }

  took(connection: 'cached' | 'new', proto: 'udp' | 'tcp' | 'tcp-tls'): void {
    const key = `${connection} ${proto}`
    let counter = this.#connections.get(key)
    if (!counter) {
      const what = connection === 'cached' ? 'hits' : 'misses'
      const labels = { proxy_name: 'forward', to: this.#to, proto }
      counter = this.#cells.counter(`coredns_proxy_conn_cache_${what}_total`, labels)
      this.#connections.set(key, counter)
    }
    counter.add()
  }

  #seriesOf(rcode: number): { durations: readonly Histogram[]; responses: Counter } {
    const known = this.#ofRcode.get(rcode)
    if (known) return known
    const labels = { to: this.#to, rcode: renderRcode(rcode) }
    const made = {
      responses: this.#cells.counter('coredns_forward_responses_total', labels),
      durations: [
        this.#cells.histogram('coredns_proxy_request_duration_seconds', timeBuckets, {
          proxy_name: 'forward',
          ...labels,
        }),
        this.#cells.histogram('coredns_forward_request_duration_seconds', timeBuckets, labels),
      ],
    }
    this.#ofRcode.set(rcode, made)
    return made
  }
}
