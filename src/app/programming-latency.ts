import type { Histogram, MetricCells } from '../lib/metric-cells.ts'
import { isHeadless } from '../objects/service.ts'
import { programmingBuckets } from '../ops/buckets.ts'
import type { EndpointsTrigger } from '../sources/cluster-source.ts'
import type { ServiceStore } from '../store/service-store.ts'

/**
 * How long it took from a change of pods to the answers that show it, by the clock of the cluster: Kubernetes' indicator of its DNS.
 * Only headless Services with a selector, as CoreDNS counts them: the others' answers do not depend on pods.
 */
export class ProgrammingLatency {
  readonly #store: ServiceStore
  readonly #seconds: Histogram

  constructor(store: ServiceStore, cells: MetricCells) {
    this.#store = store
    this.#seconds = cells.histogram(
      'coredns_kubernetes_dns_programming_duration_seconds',
      programmingBuckets,
      { service_kind: 'headless_with_selector' },
    )
  }

  /** To be called when what was triggered is answered. */
  observe(triggers: readonly EndpointsTrigger[]): void {
    for (const { namespace, serviceName, atMs } of triggers) {
      const service = this.#store.service(namespace, serviceName)?.service
      if (!service?.selector || !isHeadless(service)) continue
      this.#seconds.observe(Math.max(0, Date.now() - atMs) / 1000)
    }
  }
}
