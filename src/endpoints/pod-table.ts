import { type Cidr, formatCidr } from '../lib/cidr.ts'
import { objectKey } from '../objects/change.ts'
import type { Pod } from '../objects/pod.ts'
import type { Workload } from '../objects/workload.ts'
import type { EndpointsProblem, PodSourceChange } from './endpoints-change.ts'
import { PodAddresses } from './pod-addresses.ts'
import { podsOf, templateText } from './workload-pods.ts'
import { problemsOf } from './workload-problems.ts'

/** How one pod changed; `before` and `after` are never the same object. */
export interface PodStep {
  readonly namespace: string
  readonly name: string
  readonly before: Pod | undefined
  readonly after: Pod | undefined
}

/** By name. A pod given as such hides the one of that name that a workload would have started. */
interface NamespacePods {
  readonly given: Map<string, Pod>
  readonly started: Map<string, Pod>
}

/** A pod that a step touches; `after` is set when the step is done. */
interface Touch extends PodStep {
  readonly pods: NamespacePods
  after: Pod | undefined
  /** A workload's pod made in this step: nobody else has seen it, so it may still be written to. */
  fresh: { -readonly [Field in keyof Pod]: Pod[Field] } | undefined
}

/** The pods of a step, in the order in which they are given addresses. */
interface Touched {
  readonly all: Touch[]
  readonly byName: Map<NamespacePods, Map<string, Touch>>
}

/**
 * All pods of the cluster as if kubelets had started them: those of workloads and those given without
 * a status are Running and ready at an address of the pod CIDRs; those given with one are taken as
 * they are and keep their addresses. The same changes at once give the same addresses in any order.
 */
export class PodTable {
  readonly #namespaces = new Map<string, NamespacePods>()
  readonly #workloads = new Map<string, Workload>()
  readonly #addresses: PodAddresses
  /** Pods without an address because the range was full, as `namespace/name`. */
  readonly #waiting = new Set<string>()

  constructor(cidrs: readonly Cidr[]) {
    this.#addresses = new PodAddresses(cidrs)
  }

  apply(changes: readonly PodSourceChange[]): { steps: PodStep[]; problems: EndpointsProblem[] } {
    const touched: Touched = { all: [], byName: new Map() }
    const problems: EndpointsProblem[] = []
    for (const change of inStableOrder(changes)) this.#fold(change, touched, problems)
    const evicted = this.#settleGivenAddresses(touched)
    if (evicted.size > 0) this.#evict(evicted, touched)
    problems.push(...this.#start(touched, evicted))
    this.#startWaiting(touched)
    return { steps: this.#stepsOf(touched), problems }
  }

  *podsIn(namespace: string): Generator<Pod, void> {
    const pods = this.#namespaces.get(namespace)
    if (!pods) return
    const { given, started } = pods
    yield* given.values()
    for (const pod of started.values()) if (given.size === 0 || !given.has(pod.name)) yield pod
  }

  /** Enters the change as it came, without addresses yet. */
  #fold(change: PodSourceChange, touched: Touched, problems: EndpointsProblem[]): void {
    const { kind, namespace, name } = change.type === 'upsert' ? change.object : change
    if (change.type === 'upsert' && change.object.kind === 'Pod') {
      this.#touch(touched, namespace, name).pods.given.set(name, change.object)
    } else if (kind === 'Pod') {
      this.#touch(touched, namespace, name).pods.given.delete(name)
    } else {
      const workload = change.type === 'upsert' ? (change.object as Workload) : undefined
      this.#replaceWorkload(`${kind}/${namespace}/${name}`, workload, touched)
      if (workload) problems.push(...problemsOf(workload))
    }
  }

  #replaceWorkload(key: string, workload: Workload | undefined, touched: Touched): void {
    const old = this.#workloads.get(key)
    const now = workload && old ? keepTemplate(old, workload) : workload
    const pods = now ? podsOf(now) : []
    const oldNames = new Set(old ? podsOf(old).map(pod => pod.name) : [])
    const keepsPods = now?.template === old?.template && now?.serviceName === old?.serviceName
    for (const pod of pods) {
      if (oldNames.delete(pod.name) && keepsPods) continue
      const touch = this.#touch(touched, pod.namespace, pod.name)
      touch.pods.started.set(pod.name, pod)
      touch.fresh = pod
    }
    for (const name of oldNames) {
      this.#touch(touched, old!.namespace, name).pods.started.delete(name)
    }
    if (now) this.#workloads.set(key, now)
    else this.#workloads.delete(key)
  }

  /** Frees and reserves what pods that come with addresses need; returns what others must give up. */
  #settleGivenAddresses(touched: Touched): Set<string> {
    for (const touch of touched.all) {
      const { before } = touch
      if (!before) continue
      if (before.hasStatus) this.#addresses.unreserve(before.podIPs)
      else if (currentOf(touch)?.hasStatus !== false) this.#addresses.release(before.podIPs)
    }
    const evicted = new Set<string>()
    for (const touch of touched.all) {
      const now = currentOf(touch)
      if (!now?.hasStatus) continue
      for (const address of this.#addresses.reserve(now.podIPs)) evicted.add(address)
    }
    return evicted
  }

  /** Pods whose address was taken give up all of theirs, before anybody is given a new one. */
  #evict(evicted: ReadonlySet<string>, touched: Touched): void {
    for (const namespace of this.#namespaces.keys()) {
      for (const pod of this.podsIn(namespace)) {
        if (isEvicted(pod, evicted)) this.#touch(touched, namespace, pod.name)
      }
    }
    for (const { before } of touched.all) {
      if (before && isEvicted(before, evicted)) this.#addresses.release(before.podIPs)
    }
  }

  /** Gives addresses to the touched pods that a kubelet would start; who had some keeps them. */
  #start(touched: Touched, evicted: ReadonlySet<string>): EndpointsProblem[] {
    const failed = new Map<Cidr, string[]>()
    for (const touch of touched.all) {
      const { before } = touch
      const now = currentOf(touch)
      const mayKeep = before !== undefined && !before.hasStatus && !isEvicted(before, evicted)
      if (mayKeep && now === before) continue
      const key = objectKey(touch)
      this.#waiting.delete(key)
      if (!now || now.hasStatus) continue
      if (mayKeep && before.podIPs.length > 0) {
        setRunning(touch, before.podIPs)
        continue
      }
      const allocation = this.#addresses.allocate(key)
      if ('podIPs' in allocation) {
        setRunning(touch, allocation.podIPs)
      } else {
        setCurrent(touch, { ...now, phase: 'Pending', ready: false, podIPs: [] })
        this.#waiting.add(key)
        const keys = failed.get(allocation.full)
        if (keys) keys.push(key)
        else failed.set(allocation.full, [key])
      }
    }
    return Array.from(failed, ([cidr, keys]) => rangeFull(cidr, keys))
  }

  #startWaiting(touched: Touched): void {
    for (const key of this.#waiting) {
      const allocation = this.#addresses.allocate(key)
      if ('full' in allocation) return
      const slash = key.indexOf('/')
      setRunning(this.#touch(touched, key.slice(0, slash), key.slice(slash + 1)), allocation.podIPs)
      this.#waiting.delete(key)
    }
  }

  #stepsOf(touched: Touched): PodStep[] {
    const steps: PodStep[] = []
    for (const touch of touched.all) {
      const { pods, namespace } = touch
      touch.after = currentOf(touch)
      if (touch.before !== touch.after) steps.push(touch)
      if (pods.given.size + pods.started.size === 0) this.#namespaces.delete(namespace)
    }
    return steps
  }

  #touch(touched: Touched, namespace: string, name: string): Touch {
    const pods = this.#podsOf(namespace)
    let byName = touched.byName.get(pods)
    if (!byName) touched.byName.set(pods, (byName = new Map()))
    let touch = byName.get(name)
    if (!touch) {
      const before = pods.given.get(name) ?? pods.started.get(name)
      touch = { pods, namespace, name, before, after: undefined, fresh: undefined }
      byName.set(name, touch)
      touched.all.push(touch)
    }
    return touch
  }

  #podsOf(namespace: string): NamespacePods {
    let pods = this.#namespaces.get(namespace)
    if (!pods) this.#namespaces.set(namespace, (pods = { given: new Map(), started: new Map() }))
    return pods
  }
}

/** Addresses of pods with equal hashes go to the one that comes first: the order must not be chance. */
function inStableOrder(changes: readonly PodSourceChange[]): readonly PodSourceChange[] {
  if (changes.length < 2) return changes
  const sorted = changes.map(change => {
    const { kind, namespace, name } = change.type === 'upsert' ? change.object : change
    return { change, namespace, name, kind }
  })
  sorted.sort(
    (a, b) =>
      compareText(a.namespace, b.namespace) ||
      compareText(a.name, b.name) ||
      compareText(a.kind, b.kind),
  )
  return sorted.map(({ change }) => change)
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** What the pod is as far as the step has come. */
function currentOf({ pods, name }: Touch): Pod | undefined {
  return pods.given.get(name) ?? pods.started.get(name)
}

function setCurrent({ pods, name }: Touch, pod: Pod): void {
  if (pods.given.has(name)) pods.given.set(name, pod)
  else pods.started.set(name, pod)
}

function setRunning(touch: Touch, podIPs: readonly string[]): void {
  const now = currentOf(touch)!
  if (now === touch.fresh) touch.fresh.podIPs = podIPs
  else setCurrent(touch, { ...now, phase: 'Running', ready: true, podIPs })
}

/** Scaling alone must not make all pods new: the template that says the same stays the same object. */
function keepTemplate(old: Workload, workload: Workload): Workload {
  const isSame = templateText(old.template) === templateText(workload.template)
  return isSame ? { ...workload, template: old.template } : workload
}

function isEvicted(pod: Pod, evicted: ReadonlySet<string>): boolean {
  return !pod.hasStatus && pod.podIPs.some(address => evicted.has(address))
}

function rangeFull(cidr: Cidr, keys: readonly string[]): EndpointsProblem {
  const firstPod = keys[0]!
  const others = keys.length === 1 ? '' : ` and ${keys.length - 1} more pods`
  return {
    code: 'pod-range-full',
    cidr,
    pods: keys.length,
    firstPod,
    message: `Cannot give "${firstPod}"${others} an address in "${formatCidr(cidr)}": range is full`,
  }
}
