import type { MetricCells } from '../lib/metric-cells.ts'
import type { HttpAddress, Page } from '../ops/http-listener.ts'
import { HttpListeners } from '../ops/http-listeners.ts'
import { MetricTotals } from '../ops/metric-totals.ts'
import { MetricsText } from '../ops/metrics-text.ts'
import { Readiness } from '../ops/readiness.ts'

export interface AdmissionOpsAddresses {
  readonly health: HttpAddress
  readonly metrics: HttpAddress
}

/** Probes and metrics of the admission server, at the paths that API servers have. */
export class AdmissionOps {
  readonly readiness = new Readiness()
  readonly #totals = new MetricTotals()
  readonly #text = new MetricsText(this.#totals)
  readonly #listeners = new HttpListeners()

  get cells(): MetricCells {
    return this.#totals.control
  }

  /** Rejects with an error that names the address that cannot be bound. `publish` is called before each scrape. */
  async open({ health, metrics }: AdmissionOpsAddresses, publish: () => void): Promise<void> {
    const answer = async (): Promise<Awaited<ReturnType<Page['answer']>>> => {
      publish()
      return {
        status: 200,
        body: await this.#text.render(),
        contentType: this.#text.contentType,
      }
    }
    await this.#listeners.configure([
      { address: health, path: '/healthz', answer: () => ({ status: 200, body: 'OK' }) },
      { address: health, path: '/readyz', answer: () => this.readiness.answer('continuously') },
      { address: metrics, path: '/metrics', answer },
    ])
  }

  /** The real port of an address, for port 0. */
  portOf(address: HttpAddress): number | undefined {
    return this.#listeners.portOf({ address })
  }

  async close(): Promise<void> {
    await this.#listeners.close()
  }
}
