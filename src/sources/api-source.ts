import type { Logger } from '../lib/logger.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import type { Change } from '../objects/change.ts'
import { rawObject, rawString } from '../objects/raw-value.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import { resourceName } from '../reflector/api-resource.ts'
import { Reflector } from '../reflector/reflector.ts'
import type { ReflectorPhase, ReflectorRequest } from '../reflector/reflector-observer.ts'
import type { ApiObject, ObjectName, ReflectorSink } from '../reflector/reflector-sink.ts'
import {
  podResource,
  type ReducedResource,
  type ReducedResourceOptions,
  reducedResources,
} from './api-resources.ts'
import type { ClusterSource, EndpointsTrigger, SourceUpdate } from './cluster-source.ts'
import { ReflectorMetrics } from './reflector-metrics.ts'
import { ReflectorReport } from './reflector-report.ts'
import { TroubleLines } from './trouble-lines.ts'

export interface ApiSourceOptions extends ReducedResourceOptions {
  /** Pods are many and large: only where their names are answered. */
  readonly pods: 'watch' | 'ignore'
  readonly access: ApiAccess
  /** Warnings are what keeps objects from coming. */
  readonly logger: Logger
  readonly cells: MetricCells
  readonly onRequest: (request: ReflectorRequest) => void
}

/** Changes that a list brings in one step: a step takes a line in the log and some milliseconds. */
const stepOfList = 200

const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'

/** The objects of an API server: one reflector for each resource, all of them joined in one stream of changes. */
export class ApiSource implements ClusterSource {
  readonly #options: ApiSourceOptions
  readonly #stop = new AbortController()
  readonly #complete = Promise.withResolvers<void>()
  readonly #waitingFor = new Set<string>()
  readonly #metrics: ReflectorMetrics[] = []
  readonly #troubles: TroubleLines
  readonly #running: Promise<void>[] = []
  #pods: Promise<void> | undefined
  #changes: Change[] = []
  #triggers: EndpointsTrigger[] = []
  #onUpdate: ((update: SourceUpdate) => void) | undefined

  constructor(options: ApiSourceOptions) {
    this.#options = options
    this.#troubles = new TroubleLines(options.access.server, options.logger)
    // Who closes before reading is told by `read`.
    this.#complete.promise.catch(() => {})
  }

  /** Address of the server, for people. */
  get server(): string {
    return this.#options.access.server
  }

  /** Resources that have not been listed completely so far. */
  get waitingFor(): readonly string[] {
    return [...this.#waitingFor]
  }

  /** Waits for the server as long as it takes; what is wrong meanwhile is logged. */
  async read(): Promise<SourceUpdate> {
    for (const resource of reducedResources(this.#options)) void this.#follow(resource)
    if (this.#options.pods === 'watch') void this.followPods()
    await this.#complete.promise
    return this.#take()
  }

  /** Pods from now on too; resolves when all there are have been told. */
  followPods(): Promise<void> {
    this.#pods ??= this.#follow(podResource)
    return this.#pods
  }

  watch(onUpdate: (update: SourceUpdate) => void): void {
    this.#onUpdate = onUpdate
    this.#settle('watching')
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#complete.reject(new Error('Cannot read the cluster: the source was closed'))
    await Promise.all(this.#running)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Brings the metrics up to date. */
  publish(): void {
    for (const metrics of this.#metrics) metrics.publish()
  }

  /** Resolves when all objects of the resource have been told. */
  #follow(reduced: ReducedResource): Promise<void> {
    const { access, logger, cells, onRequest } = this.#options
    const { resource } = reduced
    const name = resourceName(resource)
    const synced = Promise.withResolvers<void>()
    this.#waitingFor.add(name)
    const observer = new ReflectorReport({
      resource: name,
      troubles: this.#troubles,
      logger,
      onRequest,
      onSettled: phase => this.#settle(phase),
      onSynced: () => {
        this.#waitingFor.delete(name)
        synced.resolve()
        if (this.#waitingFor.size === 0) this.#complete.resolve()
      },
    })
    const reflector = new Reflector({ access, resource, sink: this.#sinkOf(reduced), observer })
    this.#metrics.push(new ReflectorMetrics(name, reflector, cells))
    this.#running.push(reflector.run(this.#stop.signal))
    return synced.promise
  }

  #sinkOf(reduced: ReducedResource): ReflectorSink {
    const { kind } = reduced
    return {
      upsert: api => {
        const object = reduced.reduce(api)
        this.#changes.push({ type: 'upsert', object })
        if (object.kind === 'EndpointSlice') this.#noteTrigger(api, object.serviceName)
      },
      delete: ({ namespace, name }: ObjectName) => {
        this.#changes.push({ type: 'delete', kind, namespace, name })
      },
    }
  }

  /** Before everything is known a change is not late: it is history. */
  #noteTrigger({ metadata }: ApiObject, serviceName: string): void {
    if (!this.#onUpdate) return
    const text = rawString(rawObject(rawObject(metadata)['annotations'])[triggerAnnotation])
    const atMs = Date.parse(text)
    if (!Number.isNaN(atMs)) {
      this.#triggers.push({ namespace: metadata.namespace ?? '', serviceName, atMs })
    }
  }

  /** All that came at once is one step. Of a list many come one after the other: they are gathered to steps that are worth it. */
  #settle(phase: ReflectorPhase): void {
    const least = phase === 'syncing' ? stepOfList : 1
    if (this.#onUpdate && this.#changes.length >= least) this.#onUpdate(this.#take())
  }

  #take(): SourceUpdate {
    const update = {
      changes: this.#changes,
      triggers: this.#triggers,
      errors: [],
      warnings: [],
      solved: [],
    }
    this.#changes = []
    this.#triggers = []
    return update
  }
}
