import type { Logger } from '../lib/logger.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import { type ApiResource, resourceName } from '../reflector/api-resource.ts'
import { Reflector } from '../reflector/reflector.ts'
import type { ReflectorSink } from '../reflector/reflector-sink.ts'
import { ReflectorMetrics } from '../sources/reflector-metrics.ts'
import { ReflectorReport } from '../sources/reflector-report.ts'
import { TroubleLines } from '../sources/trouble-lines.ts'
import { RequestMetrics } from './request-metrics.ts'

/** One collection that reviews go by. */
export interface FollowedResource {
  readonly resource: ApiResource
  readonly sink: ReflectorSink
  /** `optional`: older clusters do not have the API, and are served without it. */
  readonly need: 'required' | 'optional'
  /** The sink has all objects. */
  readonly onSynced?: () => void
  /** The cluster does not have the API, so far. */
  readonly onMissing?: () => void
}

export interface AdmissionFeedOptions {
  readonly access: ApiAccess
  readonly logger: Logger
  readonly cells: MetricCells
  /** Everything has been read; said once. */
  readonly onSynced: () => void
}

/** Follows what reviews go by: one reflector for each resource. */
export class AdmissionFeed {
  readonly #options: AdmissionFeedOptions
  readonly #requests: RequestMetrics
  readonly #troubles: TroubleLines
  readonly #stop = new AbortController()
  readonly #waitingFor: Set<string>
  readonly #metrics: readonly ReflectorMetrics[]
  readonly #running: Promise<unknown>

  constructor(resources: readonly FollowedResource[], options: AdmissionFeedOptions) {
    this.#options = options
    this.#requests = new RequestMetrics(options.access.server, options.cells)
    this.#troubles = new TroubleLines(options.access.server, options.logger)
    this.#waitingFor = new Set(resources.map(({ resource }) => resourceName(resource)))
    const reflectors = resources.map(followed => this.#reflectorOf(followed))
    this.#metrics = reflectors.map(
      (reflector, index) =>
        new ReflectorMetrics(resourceName(resources[index]!.resource), reflector, options.cells),
    )
    this.#running = Promise.all(reflectors.map(reflector => reflector.run(this.#stop.signal)))
  }

  /** Resources that have not been listed completely so far. */
  get waitingFor(): readonly string[] {
    return [...this.#waitingFor]
  }

  get isSynced(): boolean {
    return this.#waitingFor.size === 0
  }

  /** Brings the metrics up to date. */
  publish(): void {
    for (const metrics of this.#metrics) metrics.publish()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  #reflectorOf({ resource, sink, need, ...tell }: FollowedResource): Reflector {
    const { access, logger } = this.#options
    const name = resourceName(resource)
    const observer = new ReflectorReport({
      resource: name,
      troubles: this.#troubles,
      logger,
      onRequest: request => this.#requests.count(request),
      onSettled: () => {},
      onSynced: () => {
        tell.onSynced?.()
        this.#arrived(name)
      },
      ...(need === 'optional' && {
        onMissing: () => {
          tell.onMissing?.()
          this.#arrived(name)
        },
      }),
    })
    return new Reflector({ access, resource, sink, observer })
  }

  #arrived(name: string): void {
    if (this.#waitingFor.delete(name) && this.#waitingFor.size === 0) this.#options.onSynced()
  }
}
