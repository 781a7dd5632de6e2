import { renderFieldErrors } from '../clusterip/field-error.ts'
import { inAllocationOrder } from '../clusterip/allocation-order.ts'
import { isReapplied } from '../clusterip/reapplied-manifest.ts'
import type { ServiceAllocator } from '../clusterip/service-allocator.ts'
import { objectKey } from '../objects/change.ts'
import type { Service } from '../objects/service.ts'

/** Where allocations outlive the process. AllocationState is one. */
export interface ServiceStorage {
  load(): readonly Service[]
  /** Durable when it returns; throws when it cannot be. */
  commit(batch: {
    readonly upserts: readonly Service[]
    readonly deletes: readonly ServiceKey[]
  }): void
}

export interface ServiceKey {
  readonly namespace: string
  readonly name: string
}

/** A Service as its manifest has it. `place` is for messages: `shop/web.yaml:12`. */
export interface WantedService {
  readonly service: Service
  readonly place: string
}

export interface RegistryBatch {
  readonly upserts: readonly WantedService[]
  readonly deletes: readonly ServiceKey[]
  /** Every manifest could be read, so what is stored without one is gone for good. */
  readonly isWhole: boolean
}

export interface RegistryUpdate {
  /** Allocated Services that are new or changed, and names that are gone: durable from here on. */
  readonly upserts: readonly Service[]
  readonly deletes: readonly ServiceKey[]
  /** Lines about Services that were refused, or whose stored addresses are doubtful; each once. */
  readonly problems: readonly string[]
  /** Lines about Services that count but are probably not meant as they are. */
  readonly warnings: readonly string[]
  /** Services that were refused before and are not any more, or that nobody wants any more. */
  readonly solved: readonly string[]
  /** False when the storage failed: the changes wait, and another call tries again. */
  readonly isStored: boolean
}

type Decisions = Map<string, { readonly key: ServiceKey; readonly service: Service | undefined }>

interface Refusal {
  readonly wanted: WantedService
  readonly message: string
}

/**
 * Turns wanted Services into allocated ones and keeps them, as the API server does for a cluster: what is refused leaves the
 * last good state, and is tried again whenever something else has changed. Nothing is given out before it is stored.
 */
export class ServiceRegistry {
  readonly #allocator: ServiceAllocator
  readonly #storage: ServiceStorage | undefined
  readonly #allocated = new Map<string, Service>()
  readonly #refused = new Map<string, Refusal>()
  /** Restored, but no manifest has been seen yet. */
  readonly #orphans = new Map<string, Service>()
  /** Decided but not stored, and decided but not given out; `undefined` for a deletion. */
  readonly #unstored: Decisions = new Map()
  readonly #unseen: Decisions = new Map()
  #storageProblem = ''
  #problems: string[] = []
  #warnings: string[] = []
  #solved: string[] = []

  /** Restores what `storage` has. Throws what its `load` throws. */
  constructor(allocator: ServiceAllocator, storage?: ServiceStorage) {
    this.#allocator = allocator
    this.#storage = storage
    for (const service of storage?.load() ?? []) {
      const key = objectKey(service)
      for (const { message } of allocator.restore(service))
        this.#problems.push(`stored Service "${key}": ${message}`)
      this.#orphans.set(key, service)
    }
  }

  /** `namespace/name` of stored Services whose manifests have not been read: their addresses are kept for them. */
  get unclaimed(): readonly string[] {
    return [...this.#orphans.keys()].sort()
  }

  /** Applies a batch; an empty one tries again to store what could not be stored. */
  apply({ upserts, deletes, isWhole }: RegistryBatch): RegistryUpdate {
    const refusedBefore = new Map(this.#refused)
    for (const key of deletes) this.#delete(key)
    for (const { service } of upserts) this.#adopt(objectKey(service))
    if (isWhole) this.#releaseOrphans()
    const changed = new Set(upserts.map(({ service }) => objectKey(service)))
    const waiting = this.#waiting().filter(({ service }) => !changed.has(objectKey(service)))
    // What one Service gives up another may be waiting for: so again, until nothing more comes of it.
    for (let left = [...upserts, ...waiting]; left.length > 0;) {
      const accepted = this.#upsertAll(left)
      left = accepted > 0 ? this.#waiting() : []
    }
    this.#reportRefusals(refusedBefore)
    return this.#store()
  }

  #waiting(): WantedService[] {
    return Array.from(this.#refused.values(), ({ wanted }) => wanted)
  }

  /** A restored Service that has its manifest again is as if it had never been away. */
  #adopt(key: string): void {
    const service = this.#orphans.get(key)
    if (!service) return
    this.#orphans.delete(key)
    this.#allocated.set(key, service)
    this.#unseen.set(key, { key: service, service })
  }

  #releaseOrphans(): void {
    for (const [key, service] of this.#orphans) {
      this.#allocator.delete(service)
      this.#unstored.set(key, { key: service, service: undefined })
    }
    this.#orphans.clear()
  }

  /** Returns how many were not refused. */
  #upsertAll(wanted: readonly WantedService[]): number {
    const places = new Map(wanted.map(item => [item.service, item]))
    const services = inAllocationOrder([...places.keys()])
    return services.filter(service => this.#upsert(places.get(service)!)).length
  }

  /** False when the Service is refused. */
  #upsert(wanted: WantedService): boolean {
    const key = objectKey(wanted.service)
    const before = this.#allocated.get(key)
    if (before && isReapplied(wanted.service, before)) {
      this.#refused.delete(key)
      return true
    }
    const outcome = before
      ? this.#allocator.update(before, wanted.service)
      : this.#allocator.create(wanted.service)
    if ('errors' in outcome) {
      const message = `${wanted.place}: ${renderFieldErrors(wanted.service.name, outcome.errors)}`
      this.#refused.set(key, { wanted, message })
      return false
    }
    this.#refused.delete(key)
    for (const warning of outcome.warnings)
      this.#warnings.push(`${wanted.place}: Service "${key}": ${warning}`)
    this.#allocated.set(key, outcome.service)
    this.#decide(outcome.service, outcome.service)
    return true
  }

  #reportRefusals(before: ReadonlyMap<string, Refusal>): void {
    for (const [key, { message }] of this.#refused)
      if (before.get(key)?.message !== message) this.#problems.push(message)
    for (const [key, { wanted }] of before)
      if (!this.#refused.has(key)) this.#solved.push(`${wanted.place}: Service "${key}"`)
  }

  #delete(key: ServiceKey): void {
    const text = objectKey(key)
    this.#refused.delete(text)
    const service = this.#allocated.get(text) ?? this.#orphans.get(text)
    if (!service) return
    this.#allocator.delete(service)
    this.#allocated.delete(text)
    this.#orphans.delete(text)
    this.#decide(key, undefined)
  }

  #decide(key: ServiceKey, service: Service | undefined): void {
    this.#unstored.set(objectKey(key), { key, service })
    this.#unseen.set(objectKey(key), { key, service })
  }

  #store(): RegistryUpdate {
    const isStored = this.#commit()
    const update = {
      ...(isStored ? splitDecisions(this.#unseen) : { upserts: [], deletes: [] }),
      problems: this.#problems,
      warnings: this.#warnings,
      solved: this.#solved,
      isStored,
    }
    if (isStored) this.#unseen.clear()
    this.#problems = []
    this.#warnings = []
    this.#solved = []
    return update
  }

  #commit(): boolean {
    try {
      if (this.#unstored.size > 0) this.#storage?.commit(splitDecisions(this.#unstored))
      this.#unstored.clear()
      if (this.#storageProblem !== '') this.#solved.push(this.#storageProblem)
      this.#storageProblem = ''
      return true
    } catch (error) {
      // A full disk must not end the process: the last state is served until there is room again.
      const { message } = error as Error
      if (message !== this.#storageProblem) this.#problems.push(message)
      this.#storageProblem = message
      return false
    }
  }
}

function splitDecisions(decisions: Decisions): { upserts: Service[]; deletes: ServiceKey[] } {
  const upserts: Service[] = []
  const deletes: ServiceKey[] = []
  for (const { key, service } of decisions.values()) {
    if (service) upserts.push(service)
    else deletes.push({ namespace: key.namespace, name: key.name })
  }
  return { upserts, deletes }
}
