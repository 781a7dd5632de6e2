import { objectKey } from '../objects/change.ts'
import type { Pod } from '../objects/pod.ts'
import type { Workload } from '../objects/workload.ts'
import type { PodSourceChange, WorkloadReference } from './endpoints-change.ts'
import { podsOf } from './workload-pods.ts'

const templateHashLabel = 'pod-template-hash'

/**
 * Which workloads have to be run. What was exported from a cluster has come from one another: a
 * Deployment's ReplicaSets stand beside it, and their Pods too. A workload is not run when its
 * controller is there, which is run instead, nor when Pods of its own are there, be it one: they are
 * all it has.
 *
 * ```
 *   Deployment web ◀── ReplicaSet web-6f94f6f679 ◀── Pod web-6f94f6f679-xhtfb
 *                  ◀──────────────────────────────── without the ReplicaSet: by the hash in its name
 * ```
 */
export class RunnableWorkloads {
  /** All keys are `kind/namespace/name`. */
  readonly #workloads = new Map<string, Workload>()
  readonly #running = new Map<string, Workload>()
  /** By the key of a controller, those that name it. */
  readonly #controlled = new Map<string, Set<string>>()
  readonly #podCounts = new Map<string, number>()
  /** By namespace and name of a Pod. There may be many, so those of one controller share their list. */
  readonly #podOwners = new Map<string, Map<string, readonly string[]>>()
  readonly #sharedOwners = new Map<string, readonly string[]>()

  /** The changes as they are for who runs workloads: those of Pods, and what is to be run or no more. */
  resolve(changes: readonly PodSourceChange[]): readonly PodSourceChange[] {
    const resolved: PodSourceChange[] = []
    const touched = new Set<string>()
    for (const change of changes) {
      if (change.type === 'upsert' && change.object.kind !== 'Pod') {
        this.#setWorkload(keyOf(change.object), change.object, touched)
      } else if (change.type === 'delete' && change.kind !== 'Pod') {
        this.#setWorkload(keyOf(change), undefined, touched)
      } else {
        const owners = change.type === 'upsert' ? ownersOf(change.object as Pod) : []
        this.#setPodOwners(change.type === 'upsert' ? change.object : change, owners, touched)
        resolved.push(change)
      }
    }
    for (const key of touched) this.#settle(key, resolved)
    return resolved
  }

  /** The workload that a pod was started for. Makes pods anew to find it: only for messages. */
  workloadOf(pod: string): WorkloadReference | undefined {
    for (const workload of this.#running.values()) {
      const { kind, namespace, name } = workload
      if (!pod.startsWith(`${namespace}/${name}-`)) continue
      if (podsOf(workload).some(started => objectKey(started) === pod))
        return { kind, namespace, name }
    }
    return undefined
  }

  #setWorkload(key: string, workload: Workload | undefined, touched: Set<string>): void {
    const before = this.#workloads.get(key)
    for (const controlled of this.#controlled.get(key) ?? []) touched.add(controlled)
    if (before?.controller !== undefined) {
      const controller = keyOfController(before, before.controller)
      const siblings = this.#controlled.get(controller)
      if (siblings?.delete(key) && siblings.size === 0) this.#controlled.delete(controller)
      touched.add(controller)
    }
    if (workload?.controller !== undefined) {
      const controller = keyOfController(workload, workload.controller)
      const siblings = this.#controlled.get(controller)
      if (siblings) siblings.add(key)
      else this.#controlled.set(controller, new Set([key]))
      touched.add(controller)
    }
    if (workload) this.#workloads.set(key, workload)
    else this.#workloads.delete(key)
    touched.add(key)
  }

  #setPodOwners(
    { namespace, name }: { readonly namespace: string; readonly name: string },
    owners: readonly string[],
    touched: Set<string>,
  ): void {
    let ofNamespace = this.#podOwners.get(namespace)
    const before = ofNamespace?.get(name) ?? []
    if (before.length + owners.length === 0) return
    if (!ofNamespace) this.#podOwners.set(namespace, (ofNamespace = new Map()))
    if (owners.length > 0) ofNamespace.set(name, this.#share(owners))
    else if (ofNamespace.delete(name) && ofNamespace.size === 0) this.#podOwners.delete(namespace)
    for (const owner of owners) this.#count(owner, 1, touched)
    for (const owner of before) this.#count(owner, -1, touched)
    if (before.length > 0 && !this.#podCounts.has(before[0]!))
      this.#sharedOwners.delete(before.join(' '))
  }

  #share(owners: readonly string[]): readonly string[] {
    const text = owners.join(' ')
    const shared = this.#sharedOwners.get(text) ?? owners
    this.#sharedOwners.set(text, shared)
    return shared
  }

  #count(owner: string, change: 1 | -1, touched: Set<string>): void {
    const count = (this.#podCounts.get(owner) ?? 0) + change
    if (count > 0) this.#podCounts.set(owner, count)
    else this.#podCounts.delete(owner)
    touched.add(owner)
    const workload = this.#workloads.get(owner)
    if (workload?.controller !== undefined)
      touched.add(keyOfController(workload, workload.controller))
  }

  #settle(key: string, resolved: PodSourceChange[]): void {
    const workload = this.#workloads.get(key)
    const running = this.#running.get(key)
    if (workload && this.#hasToRun(key, workload)) {
      if (workload === running) return
      this.#running.set(key, workload)
      resolved.push({ type: 'upsert', object: workload })
    } else if (running) {
      this.#running.delete(key)
      const { kind, namespace, name } = running
      resolved.push({ type: 'delete', kind, namespace, name })
    }
  }

  #hasToRun(key: string, workload: Workload): boolean {
    const { controller } = workload
    if (controller !== undefined && this.#workloads.has(keyOfController(workload, controller)))
      return false
    if (this.#podCounts.has(key)) return false
    for (const controlled of this.#controlled.get(key) ?? [])
      if (this.#podCounts.has(controlled)) return false
    return true
  }
}

/** The controller, and the Deployment that a ReplicaSet is named after: it may be there without the ReplicaSet. */
function ownersOf(pod: Pod): readonly string[] {
  const { controller = '', labels } = pod
  if (controller === '') return []
  const owner = keyOfController(pod, controller)
  const [kind, name = ''] = controller.split('/')
  const suffix = `-${labels[templateHashLabel] ?? ''}`
  if (kind !== 'ReplicaSet' || suffix === '-' || !name.endsWith(suffix)) return [owner]
  return [owner, keyOfController(pod, `Deployment/${name.slice(0, -suffix.length)}`)]
}

function keyOf({ kind, namespace, name }: WorkloadReference): string {
  return `${kind}/${namespace}/${name}`
}

/** Of the object's own namespace, as all controllers are. */
function keyOfController(
  { namespace }: { readonly namespace: string },
  controller: string,
): string {
  return controller.replace('/', `/${namespace}/`)
}
