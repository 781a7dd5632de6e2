import { ServiceAllocator } from '../clusterip/service-allocator.ts'
import type { EndpointsChange, EndpointsProblem } from '../endpoints/endpoints-change.ts'
import { EndpointsController } from '../endpoints/endpoints-controller.ts'
import type { Cidr } from '../lib/cidr.ts'
import { type Change, objectKey } from '../objects/change.ts'
import { builtInNamespaces, kubernetesService } from './built-in-objects.ts'
import { renderPlace } from './manifest-problem.ts'
import { GivenSlices } from './given-slices.ts'
import type { ManifestObject, ManifestReference, ObjectChanges } from './namespace-set.ts'
import {
  type RegistryBatch,
  type RegistryUpdate,
  ServiceRegistry,
  type ServiceStorage,
  type WantedService,
} from './service-registry.ts'

export interface StandaloneOptions {
  readonly serviceCidrs: readonly Cidr[]
  readonly podCidrs: readonly Cidr[]
  /** Workloads become ready pods. */
  readonly workloads: 'run' | 'ignore'
  readonly storage?: ServiceStorage
}

export interface StandaloneUpdate {
  /** In an order in which nothing refers to what is not there yet. */
  readonly changes: readonly Change[]
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
  readonly solved: readonly string[]
  readonly isStored: boolean
}

const builtInPlace = '(built in)'
const kubernetes: WantedService = { service: kubernetesService, place: builtInPlace }

/**
 * The control plane of a folder of manifests: allocates what Services ask for, runs pods, computes endpoints, and says what
 * the cluster is then like. Has no clock and no sockets.
 */
export class StandaloneCluster {
  readonly #registry: ServiceRegistry
  readonly #endpoints: EndpointsController
  readonly #slices = new GivenSlices(key => this.#endpoints.hasEndpoints(key))
  readonly #workloads: StandaloneOptions['workloads']
  #hasBuiltIns = false

  /** Throws a RangeError for CIDRs that cannot be used, and what `storage.load` throws. */
  constructor({ serviceCidrs, podCidrs, workloads, storage }: StandaloneOptions) {
    this.#registry = new ServiceRegistry(new ServiceAllocator({ serviceCidrs }), storage)
    this.#endpoints = new EndpointsController(podCidrs)
    this.#workloads = workloads
  }

  /**
   * Applies what changed in the manifests; `isWhole` when all of them could be read. When the outcome says that it could not
   * be stored, changes of Services wait for another call, be it an empty one.
   */
  apply(
    { upserts, deletes }: ObjectChanges,
    { isWhole }: { readonly isWhole: boolean },
  ): StandaloneUpdate {
    const changes: Change[] = []
    const pods: EndpointsChange[] = []
    const problems: string[] = []
    const services = { upserts: [] as WantedService[], deletes: [] as ManifestReference[] }
    if (!this.#hasBuiltIns) {
      this.#hasBuiltIns = true
      changes.push(...builtInNamespaces.map(object => ({ type: 'upsert' as const, object })))
      // First and alone, so that a manifest of the same name is an update and its address the first one.
      const first = this.#register({ upserts: [kubernetes], deletes: [], isWhole: false }, pods)
      changes.push(...first.changes)
      problems.push(...first.update.problems)
    }
    const lateDeletes: Change[] = []
    for (const reference of deletes)
      this.#noteDelete(reference, { changes: lateDeletes, pods, services })
    for (const object of upserts) this.#noteUpsert(object, { changes, pods, services })

    const { changes: registered, update } = this.#register({ ...services, isWhole }, pods)
    const computed = this.#endpoints.apply(pods)
    const slices = this.#slices.settle()
    return {
      changes: [...changes, ...registered, ...computed.changes, ...slices, ...lateDeletes],
      problems: [
        ...problems,
        ...update.problems,
        ...computed.problems.map(problem => describeProblem(problem, upserts)),
      ],
      warnings: update.warnings,
      solved: update.solved,
      isStored: update.isStored,
    }
  }

  #register(
    batch: RegistryBatch,
    pods: EndpointsChange[],
  ): { changes: Change[]; update: RegistryUpdate } {
    const update = this.#registry.apply(batch)
    const changes: Change[] = []
    for (const service of update.upserts) {
      changes.push({ type: 'upsert', object: service })
      this.#slices.follow(service, service)
      pods.push({ type: 'upsert', object: service })
    }
    for (const key of update.deletes) {
      changes.push({ type: 'delete', kind: 'Service', ...key })
      this.#slices.follow(key, undefined)
      pods.push({ type: 'delete', kind: 'Service', ...key })
    }
    return { changes, update }
  }

  #noteUpsert({ object, place }: ManifestObject, { changes, pods, services }: Notes): void {
    switch (object.kind) {
      case 'Namespace':
        changes.push({ type: 'upsert', object })
        return
      case 'Service':
        services.upserts.push({ service: object, place: place ? renderPlace(place) : builtInPlace })
        return
      case 'EndpointSlice':
        this.#slices.upsert(object)
        return
      case 'Pod':
        pods.push({ type: 'upsert', object })
        return
      case 'Deployment':
      case 'ReplicaSet':
      case 'StatefulSet':
      case 'DaemonSet':
        if (this.#workloads === 'run') pods.push({ type: 'upsert', object })
    }
  }

  #noteDelete(reference: ManifestReference, { changes, pods, services }: Notes): void {
    const { kind, namespace, name } = reference
    switch (kind) {
      case 'Namespace': {
        const builtIn = builtInNamespaces.find(object => object.name === name)
        changes.push(
          builtIn ? { type: 'upsert', object: builtIn } : { type: 'delete', kind, namespace, name },
        )
        return
      }
      case 'Service':
        // The API server makes its own Service again as soon as somebody deletes it.
        if (objectKey(reference) === objectKey(kubernetesService)) {
          services.upserts.push(kubernetes)
        } else {
          services.deletes.push(reference)
        }
        return
      case 'EndpointSlice':
        this.#slices.delete(reference)
        return
      case 'Pod':
      case 'Deployment':
      case 'ReplicaSet':
      case 'StatefulSet':
      case 'DaemonSet':
        pods.push({ type: 'delete', kind, namespace, name })
    }
  }
}

/** With file, document and field where the problem is one of a manifest; a full range is nobody's. */
function describeProblem(problem: EndpointsProblem, upserts: readonly ManifestObject[]): string {
  if (problem.code === 'pod-range-full') return problem.message
  const { kind, namespace, name } = problem
  const place = upserts.find(
    ({ object }) => object.kind === kind && object.namespace === namespace && object.name === name,
  )?.place
  const field = problem.code === 'too-many-replicas' ? 'spec.replicas' : 'metadata.name'
  return place ? `${renderPlace(place)}: ${field}: ${problem.message}` : problem.message
}

interface Notes {
  readonly changes: Change[]
  readonly pods: EndpointsChange[]
  readonly services: { readonly upserts: WantedService[]; readonly deletes: ManifestReference[] }
}
