import { type FieldError, renderFieldErrors } from '../clusterip/field-error.ts'
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
  /** Services that were refused before and are not any more. */
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

  /** Applies a batch; an empty one tries again to store what could not be stored. */
  apply({ upserts, deletes, isWhole }: RegistryBatch): RegistryUpdate {
    for (const key of deletes) this.#delete(key)
    for (const { service } of upserts) this.#adopt(objectKey(service))
    if (isWhole) this.#releaseOrphans()
    const waiting = [...this.#refused.values()].map(({ wanted }) => wanted)
    const changed = new Set(upserts.map(({ service }) => objectKey(service)))
    const retried = waiting.filter(({ service }) => !changed.has(objectKey(service)))
    const wanted = new Map([...upserts, ...retried].map(item => [item.service, item]))
    for (const service of inAllocationOrder([...wanted.keys()])) this.#upsert(wanted.get(service)!)
    return this.#store()
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

  #upsert(wanted: WantedService): void {
    const key = objectKey(wanted.service)
    const before = this.#allocated.get(key)
    if (before && isReapplied(wanted.service, before)) {
      if (this.#refused.delete(key)) this.#solved.push(`${wanted.place}: Service "${key}"`)
      return
    }
    const outcome = before
      ? this.#allocator.update(before, wanted.service)
      : this.#allocator.create(wanted.service)
    if ('errors' in outcome) {
      this.#refuse(key, wanted, outcome.errors)
      return
    }
    if (this.#refused.delete(key)) this.#solved.push(`${wanted.place}: Service "${key}"`)
    for (const warning of outcome.warnings)
      this.#problems.push(`${wanted.place}: Service "${key}": ${warning}`)
    this.#allocated.set(key, outcome.service)
    this.#decide(outcome.service, outcome.service)
  }

  #refuse(key: string, wanted: WantedService, errors: readonly FieldError[]): void {
    const message = `${wanted.place}: ${renderFieldErrors(wanted.service.name, errors)}`
    if (this.#refused.get(key)?.message !== message) this.#problems.push(message)
    this.#refused.set(key, { wanted, message })
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
      solved: this.#solved,
      isStored,
    }
    if (isStored) this.#unseen.clear()
    this.#problems = []
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
