import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { backOffMs } from '../lib/back-off.ts'
import type { Logger } from '../lib/logger.ts'
import { rawObject } from '../objects/raw-value.ts'
import type { Service } from '../objects/service.ts'
import type { ApiObject } from '../reflector/reflector-sink.ts'
import type { ConfigMapBody, ConfigMapClient, ConfigMapTarget } from './config-map-client.ts'
import { variablesConfigMapData, variablesConfigMapName } from './variables-config-map.ts'
import type { ClusterServices } from './variable-sets.ts'

export interface VariablesConfigMapsOptions {
  readonly cluster: ClusterServices
  readonly client: ConfigMapClient
  readonly logger: Logger
  /** Rejects when the signal is aborted. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** By which a ConfigMap is known to be ours. */
const ourLabels = { 'app.kubernetes.io/managed-by': 'signpost' } as const
/** So that a review does not wait, and what changes together is one write. */
const settleMs = 100
/** Between two writes to one namespace. */
const restMs = 1000
const retry = { firstMs: 500, maxMs: 60_000 }
/** Others that write the same ConfigMap do so for the same reason: one of them is soon done. */
const maxAttempts = 5
const masterNamespace = 'default'

/** A namespace whose ConfigMap is kept. */
interface KeptNamespace {
  isStale: boolean
  running: Promise<void> | undefined
}

/**
 * The ConfigMaps of service variables, up to date in every namespace where one was asked for. Any number of replicas may do this at
 * once: what is written follows from the Services alone, nothing is written that is there, and a version that another one wrote is read
 * first. A ConfigMap of that name which is somebody else's is left alone.
 */
export class VariablesConfigMaps implements AsyncDisposable {
  readonly #options: VariablesConfigMapsOptions
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<unknown>
  readonly #kept = new Map<string, KeptNamespace>()
  readonly #stop = new AbortController()

  constructor(options: VariablesConfigMapsOptions) {
    this.#options = options
    this.#pause = options.pause ?? ((ms, signal) => sleep(ms, undefined, { signal }))
  }

  /**
   * From now on; again for one that is kept looks whether it is still as it should be. For a namespace of a pod that asks, and for each
   * where there is a ConfigMap of ours, or was until somebody deleted it.
   */
  keep(namespace: string): void {
    const kept = this.#kept.get(namespace) ?? { isStale: true, running: undefined }
    this.#kept.set(namespace, kept)
    this.#renew(namespace, kept)
  }

  /** A change in `default` may be one of `kubernetes`, which everyone has. */
  servicesChanged(namespaces: Iterable<string>): void {
    const changed = new Set(namespaces)
    for (const [namespace, kept] of this.#kept) {
      if (changed.has(namespace) || changed.has(masterNamespace)) this.#renew(namespace, kept)
    }
  }

  /** Deletes the ConfigMap and keeps it no longer; resolves when it is gone. */
  async remove(namespace: string): Promise<void> {
    const running = this.#kept.get(namespace)?.running
    this.#kept.delete(namespace)
    await running
    const { client } = this.#options
    const target = targetIn(namespace)
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      // oxlint-disable-next-line no-await-in-loop
      const found = await client.get(target, this.#stop.signal)
      if (found.outcome !== 'done' || !isOurs(found.object)) return
      const { resourceVersion } = found.object.metadata
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await client.delete(target, { resourceVersion }, this.#stop.signal)
      if (outcome !== 'conflict') return
    }
    throw contended('delete', namespace)
  }

  /** Resolves when every ConfigMap is as it should be, as far as can be told now. */
  async settled(): Promise<void> {
    const running = [...this.#kept.values()].flatMap(kept => kept.running ?? [])
    if (running.length === 0) return
    await Promise.all(running)
    await this.settled()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.all([...this.#kept.values()].flatMap(({ running }) => running ?? []))
  }

  #renew(namespace: string, kept: KeptNamespace): void {
    kept.isStale = true
    kept.running ??= this.#run(namespace, kept).finally(() => (kept.running = undefined))
  }

  async #run(namespace: string, kept: KeptNamespace): Promise<void> {
    const { signal } = this.#stop
    const { logger } = this.#options
    const isKept = (): boolean => this.#kept.get(namespace) === kept && !signal.aborted
    let failures = 0
    let waitMs = settleMs
    /* oxlint-disable no-await-in-loop -- one write after the other is what this is for */
    do {
      try {
        await this.#pause(waitMs, signal)
        if (!isKept()) return
        kept.isStale = false
        const outcome = await this.#write(namespace)
        if (outcome === 'given up') this.#kept.delete(namespace)
        failures = 0
        waitMs = restMs
      } catch (error) {
        // Also the abort of the pause. What failed is tried again, for ever.
        if (!isKept()) return
        kept.isStale = true
        failures++
        waitMs = backOffMs(failures, retry)
        const message = error instanceof Error ? error.message : String(error)
        if (failures === 1) logger.warn('variables are not written', { namespace, message })
      }
    } while (kept.isStale && isKept())
    /* oxlint-enable no-await-in-loop */
  }

  async #write(namespace: string): Promise<'done' | 'given up'> {
    const { client, logger } = this.#options
    const { signal } = this.#stop
    const target = targetIn(namespace)
    const { data, leftOut } = variablesConfigMapData(this.#servicesFor(namespace), namespace)
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      // oxlint-disable-next-line no-await-in-loop
      const found = await client.get(target, signal)
      const present = found.outcome === 'done' ? found.object : undefined
      if (present && !isOurs(present)) {
        logger.warn("ConfigMap is somebody else's", { namespace, name: variablesConfigMapName })
        return 'given up'
      }
      // The API leaves out `data` without an entry.
      if (present && isDeepStrictEqual(rawObject(present['data']), data)) return 'done'
      const body = bodyOf(data, present)
      // oxlint-disable-next-line no-await-in-loop
      const { outcome } = await (present
        ? client.replace(target, body, signal)
        : client.create(target, body, signal))
      if (outcome === 'done') {
        const variables = Object.keys(data).length
        if (leftOut.length > 0)
          logger.warn('ConfigMap is full', { namespace, services: leftOut.length })
        logger.info('variables written', { namespace, variables })
        return 'done'
      }
      // No ConfigMap to replace is another one's doing; nowhere to create one is the end of the namespace.
      if (outcome === 'missing' && !present) return 'given up'
    }
    throw contended('write', namespace)
  }

  *#servicesFor(namespace: string): Generator<Service> {
    for (const name of new Set([namespace, masterNamespace])) {
      for (const { service } of this.#options.cluster.services(name)) if (service) yield service
    }
  }
}

function targetIn(namespace: string): ConfigMapTarget {
  return {
    group: '',
    version: 'v1',
    plural: 'configmaps',
    namespace,
    name: variablesConfigMapName,
  }
}

function isOurs({ metadata }: ApiObject): boolean {
  const labels = rawObject(rawObject(metadata)['labels'])
  return Object.entries(ourLabels).every(([name, value]) => labels[name] === value)
}

/** With what others put on it, in `metadata` that is. */
function bodyOf(data: ConfigMapBody['data'], present: ApiObject | undefined): ConfigMapBody {
  const metadata = present?.metadata ?? { labels: ourLabels }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata }, data }
}

function contended(verb: string, namespace: string): Error {
  const name = `${namespace}/${variablesConfigMapName}`
  return new Error(`Cannot ${verb} ConfigMap "${name}": changed by others ${maxAttempts} times`)
}
