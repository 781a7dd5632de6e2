import type { Logger } from '../lib/logger.ts'
import type { MetricCells, MetricSeries } from '../lib/metric-cells.ts'
import { HealthProbe } from './health-probe.ts'
import type { HttpAddress, Page } from './http-listener.ts'
import { HttpListeners } from './http-listeners.ts'
import { MetricTotals } from './metric-totals.ts'
import { MetricsText } from './metrics-text.ts'
import { Readiness, type ReadyMonitor } from './readiness.ts'

export interface OpsOptions {
  readonly logger: Logger
  /** For `coredns_build_info`. */
  readonly version: string
  readonly revision: string
  /** How often the health endpoint is asked by ourselves: each second when absent. */
  readonly probeEveryMs?: number
}

/** Where probes and metrics are served. The same address may stand in several lists, and more than once in each. */
export interface OpsConfiguration {
  readonly health: readonly (HttpAddress & { readonly lameduckMs: number })[]
  readonly ready: readonly (HttpAddress & { readonly monitor: ReadyMonitor })[]
  readonly metrics: readonly HttpAddress[]
}

/** What the outside learns of the program beside DNS: health, readiness, metrics. Lives as long as the process does. */
export class Ops implements AsyncDisposable {
  readonly #options: OpsOptions
  readonly #totals = new MetricTotals()
  readonly #text = new MetricsText(this.#totals)
  readonly #readiness = new Readiness()
  readonly #listeners = new HttpListeners()
  readonly #beforeScrape: (() => void)[] = []
  #configuration: OpsConfiguration = { health: [], ready: [], metrics: [] }
  #probes: readonly HealthProbe[] = []

  constructor(options: OpsOptions) {
    this.#options = options
    const { version, revision } = options
    // The label is CoreDNS's; dashboards show what stands there.
    const labels = { version, revision, goversion: `node ${process.version}` }
    this.setRows('coredns_build_info', [{ labels, value: 1 }])
  }

  /** Where the control thread counts. */
  get cells(): MetricCells {
    return this.#totals.control
  }

  /** The longest lameduck of all health endpoints: how long everything is still answered once the shutdown has begun. */
  get lameduckMs(): number {
    return Math.max(0, ...this.#configuration.health.map(({ lameduckMs }) => lameduckMs))
  }

  /** A serving thread begins to count something. */
  addSeries(thread: number, series: MetricSeries): void {
    this.#totals.add(thread, series)
  }

  /** A serving thread is gone; what it has counted stays, what it has found not to work does not. */
  forgetThread(thread: number): void {
    this.#totals.forget(thread)
    this.#readiness.forgetThread(thread)
  }

  /** Sets a gauge whose series come and go as a whole, such as `coredns_plugin_enabled`. */
  setRows(
    name: string,
    rows: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[],
  ): void {
    this.#totals.setRows(name, rows)
  }

  /** `publish` is called before each scrape, by parts that count in fields of their own. */
  beforeScrape(publish: () => void): void {
    this.#beforeScrape.push(publish)
  }

  /**
   * Serves exactly this. Listeners whose address stays live on. Rejects with an error that names an address that cannot be
   * bound, with the system's `code`; everything is as before then.
   */
  async configure(configuration: OpsConfiguration): Promise<void> {
    await this.#listeners.configure(this.#pagesOf(configuration))
    this.#configuration = configuration
    for (const probe of this.#probes) probe.close()
    const { logger, probeEveryMs = 1000 } = this.#options
    this.#probes = configuration.health.map(
      ({ host, port }) =>
        new HealthProbe({
          host,
          port: this.portOf({ host, port })!,
          everyMs: probeEveryMs,
          cells: this.cells,
          logger,
        }),
    )
  }

  /** The real port of an address that was configured, for port 0. */
  portOf(address: HttpAddress): number | undefined {
    return this.#listeners.portOf({ address })
  }

  /** Parts that have to be waited for are made known with `false` before `configure`. */
  setReady(part: string, isReady: boolean): void {
    this.#readiness.set(part, isReady)
  }

  removePart(part: string): void {
    this.#readiness.remove(part)
  }

  /** See {@link Readiness.fail}: a thread has found that a part cannot do its work. */
  partFails(key: string, failure: { readonly part: string; readonly thread: number }): boolean {
    return this.#readiness.fail(key, failure)
  }

  /** See {@link Readiness.recover}. */
  partRecovers(key: string): boolean {
    return this.#readiness.recover(key)
  }

  /** `/ready` answers 503 from now on, `/health` goes on. */
  shutdownBegins(): void {
    this.#readiness.end()
  }

  async close(): Promise<void> {
    for (const probe of this.#probes) probe.close()
    await this.#listeners.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #pagesOf({ health, ready, metrics }: OpsConfiguration): Page[] {
    const metricsPage = async (): Promise<Awaited<ReturnType<Page['answer']>>> => {
      for (const publish of this.#beforeScrape) publish()
      return {
        status: 200,
        body: await this.#text.render(),
        contentType: this.#text.contentType,
      }
    }
    return [
      ...health.map(address => ({
        address,
        path: '/health',
        answer: () => ({ status: 200, body: 'OK' }),
      })),
      ...ready.map(address => ({
        address,
        path: '/ready',
        answer: () => this.#readiness.answer(address.monitor),
      })),
      ...metrics.map(address => ({ address, path: '/metrics', answer: metricsPage })),
    ]
  }
}
