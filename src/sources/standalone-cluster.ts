import { ServiceAllocator } from '../clusterip/service-allocator.ts'
import type { EndpointsChange, EndpointsProblem } from '../endpoints/endpoints-change.ts'
import { EndpointsController } from '../endpoints/endpoints-controller.ts'
import type { Cidr } from '../lib/cidr.ts'
import { type Change, objectKey } from '../objects/change.ts'
import { builtInNamespaces, kubernetesService } from './built-in-objects.ts'
import { type ManifestPlace, renderPlace } from './manifest-problem.ts'
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
  readonly #workloadPlaces = new Map<string, ManifestPlace>()
  #hasBuiltIns = false

  /** Throws a RangeError for CIDRs that cannot be used, and what `storage.load` throws. */
  constructor({ serviceCidrs, podCidrs, workloads, storage }: StandaloneOptions) {
    this.#registry = new ServiceRegistry(new ServiceAllocator({ serviceCidrs }), storage)
    this.#endpoints = new EndpointsController(podCidrs)
    this.#workloads = workloads
  }

  /** Stored Services, `namespace/name`, that no manifest has asked for yet; they are not served. */
  get unclaimed(): readonly string[] {
    return this.#registry.unclaimed
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
        ...computed.problems.map(problem => this.#describe(problem, upserts)),
      ],
      warnings: update.warnings,
      solved: update.solved,
      isStored: update.isStored,
    }
  }

  /** With file, document and field of the workload, or of the pod where it was given as such. */
  #describe(problem: EndpointsProblem, upserts: readonly ManifestObject[]): string {
    const workload = problem.code === 'pod-range-full' ? problem.workload : problem
    const place = workload && this.#workloadPlaces.get(placeKey(workload))
    if (place) return `${renderPlace(place)}: ${fields[problem.code]}: ${problem.message}`
    const isPod = ({ object }: ManifestObject): boolean =>
      object.kind === 'Pod' &&
      problem.code === 'pod-range-full' &&
      objectKey(object) === problem.firstPod
    const podPlace = workload ? undefined : upserts.find(isPod)?.place
    return podPlace ? `${renderPlace(podPlace)}: ${problem.message}` : problem.message
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
        if (place) this.#workloadPlaces.set(placeKey(object), place)
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
        this.#workloadPlaces.delete(placeKey(reference))
        pods.push({ type: 'delete', kind, namespace, name })
    }
  }
}

const fields: Readonly<Record<EndpointsProblem['code'], string>> = {
  'pod-range-full': 'spec.replicas',
  'too-many-replicas': 'spec.replicas',
  'bad-host-name': 'metadata.name',
}

interface Notes {
  readonly changes: Change[]
  readonly pods: EndpointsChange[]
  readonly services: { readonly upserts: WantedService[]; readonly deletes: ManifestReference[] }
}

function placeKey({ kind, namespace, name }: ManifestReference): string {
  return `${kind}/${namespace}/${name}`
}
