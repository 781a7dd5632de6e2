import type { Cidr } from '../lib/cidr.ts'
import type { Change } from '../objects/change.ts'
import type { EndpointSlice } from '../objects/endpoint-slice.ts'
import type { Labels } from '../objects/labels.ts'
import type { Pod } from '../objects/pod.ts'
import type { Service } from '../objects/service.ts'
import { computeSlices } from './compute-slices.ts'
import type {
  EndpointsChange,
  EndpointsOutcome,
  EndpointsProblem,
  PodSourceChange,
} from './endpoints-change.ts'
import { PodTable, type PodStep } from './pod-table.ts'
import { RunnableWorkloads } from './runnable-workloads.ts'
import { SelectorIndex } from './selector-index.ts'

/** A Service and the slices it has now. */
interface ServiceState {
  service: Service
  slices: readonly EndpointSlice[]
}

interface NamespaceServices {
  readonly byName: Map<string, ServiceState>
  /** Those with a selector. */
  readonly index: SelectorIndex<ServiceState>
}

/** What must be computed again of a Service after pods changed: their names, and which are still there. */
interface PodChanges {
  readonly names: Set<string>
  readonly pods: Pod[]
}

/** The Services that a step concerns, by what is to be computed again. */
interface Concerned {
  readonly whole: Set<ServiceState>
  readonly partly: Map<ServiceState, PodChanges>
}

/**
 * Does what kubelets and the EndpointSlice controller do, for a cluster that has neither: keeps the
 * Services, pods and workloads it is told of, and says which Pods and slices follow. Each call looks
 * only at Services that changed or that select a changed pod. Slices that were made by hand for
 * Services without a selector are unknown to it. There are no nodes: no endpoint has a zone.
 */
export class EndpointsController {
  readonly #namespaces = new Map<string, NamespaceServices>()
  readonly #workloads = new RunnableWorkloads()
  readonly #pods: PodTable

  /** Pods get one address of each CIDR. Throws a RangeError unless there is one, or one per family. */
  constructor(podCidrs: readonly Cidr[]) {
    this.#pods = new PodTable(podCidrs)
  }

  apply(input: readonly EndpointsChange[]): EndpointsOutcome {
    const changes: Change[] = []
    const whole = new Set<ServiceState>()
    const podChanges: PodSourceChange[] = []
    for (const change of input) {
      if (change.type === 'upsert') {
        if (change.object.kind === 'Service') whole.add(this.#upsert(change.object))
        else podChanges.push({ type: 'upsert', object: change.object } as PodSourceChange)
      } else if (change.kind === 'Service') {
        const removed = this.#remove(change.namespace, change.name)
        if (!removed) continue
        whole.delete(removed)
        changes.push(...removed.slices.map(deletionOf))
      } else {
        podChanges.push(change)
      }
    }
    const { steps, problems } = this.#pods.apply(this.#workloads.resolve(podChanges))
    // Not spread into one call: replacing 100,000 pods would exhaust the stack.
    for (const step of steps) changes.push(podChangeOf(step))
    this.#recompute({ whole, partly: this.#servicesOf(steps, whole) }, changes)
    return { changes, problems: problems.map(problem => this.#withWorkload(problem)) }
  }

  /** Whether endpoints of the Service follow from pods. */
  hasEndpoints({
    namespace,
    name,
  }: {
    readonly namespace: string
    readonly name: string
  }): boolean {
    const slices = this.#namespaces.get(namespace)?.byName.get(name)?.slices ?? []
    return slices.length > 0
  }

  #withWorkload(problem: EndpointsProblem): EndpointsProblem {
    if (problem.code !== 'pod-range-full') return problem
    const workload = this.#workloads.workloadOf(problem.firstPod)
    return { ...problem, ...(workload && { workload }) }
  }

  #upsert(service: Service): ServiceState {
    const { namespace, name } = service
    let services = this.#namespaces.get(namespace)
    if (!services) {
      services = { byName: new Map(), index: new SelectorIndex() }
      this.#namespaces.set(namespace, services)
    }
    let state = services.byName.get(name)
    if (state?.service.selector) services.index.remove(state.service.selector, state)
    if (state) state.service = service
    else services.byName.set(name, (state = { service, slices: [] }))
    if (service.selector) services.index.add(service.selector, state)
    return state
  }

  #remove(namespace: string, name: string): ServiceState | undefined {
    const services = this.#namespaces.get(namespace)
    const state = services?.byName.get(name)
    if (!services || !state) return undefined
    services.byName.delete(name)
    if (state.service.selector) services.index.remove(state.service.selector, state)
    if (services.byName.size === 0) this.#namespaces.delete(namespace)
    return state
  }

  /** The Services that select a pod as it was or as it is, but for those that are computed anyway. */
  #servicesOf(
    steps: readonly PodStep[],
    whole: ReadonlySet<ServiceState>,
  ): Map<ServiceState, PodChanges> {
    const partly = new Map<ServiceState, PodChanges>()
    const note = (state: ServiceState, step: PodStep): void => {
      if (whole.has(state)) return
      let pods = partly.get(state)
      if (!pods) partly.set(state, (pods = { names: new Set(), pods: [] }))
      if (pods.names.has(step.name)) return
      pods.names.add(step.name)
      if (step.after) pods.pods.push(step.after)
    }
    const selecting = this.#matcher()
    for (const step of steps) {
      const { before, after } = step
      if (before) for (const state of selecting(step.namespace, before.labels)) note(state, step)
      if (after) for (const state of selecting(step.namespace, after.labels)) note(state, step)
    }
    return partly
  }

  /** Looks up Services by a pod's labels; pods of one workload follow each other and share theirs. */
  #matcher(): (namespace: string, labels: Labels) => readonly ServiceState[] {
    let lastNamespace = ''
    let lastLabels: Labels | undefined
    let matches: readonly ServiceState[] = []
    return (namespace, labels) => {
      if (labels !== lastLabels || namespace !== lastNamespace) {
        matches = this.#namespaces.get(namespace)?.index.match(labels) ?? []
        lastNamespace = namespace
        lastLabels = labels
      }
      return matches
    }
  }

  #recompute({ whole, partly }: Concerned, changes: Change[]): void {
    const candidates = this.#candidatesOf(whole)
    for (const state of whole) {
      const { service, slices: existing } = state
      const slices = computeSlices({ service, pods: candidates.get(state) ?? [], existing })
      replaceSlices(state, slices, changes)
    }
    for (const [state, { names, pods }] of partly) {
      const { service, slices: existing } = state
      const slices = computeSlices({ service, pods, existing, changedPods: names })
      replaceSlices(state, slices, changes)
    }
  }

  /** The pods of the Services, found in one pass over the pods of each namespace. */
  #candidatesOf(states: ReadonlySet<ServiceState>): Map<ServiceState, Pod[]> {
    const indexes = new Map<string, SelectorIndex<ServiceState>>()
    for (const state of states) {
      const { namespace, selector } = state.service
      if (!selector) continue
      let index = indexes.get(namespace)
      if (!index) indexes.set(namespace, (index = new SelectorIndex()))
      index.add(selector, state)
    }
    const candidates = new Map<ServiceState, Pod[]>()
    for (const [namespace, index] of indexes) {
      let lastLabels: Labels | undefined
      let matches: readonly ServiceState[] = []
      for (const pod of this.#pods.podsIn(namespace)) {
        if (pod.labels !== lastLabels) matches = index.match(pod.labels)
        lastLabels = pod.labels
        for (const state of matches) {
          const pods = candidates.get(state)
          if (pods) pods.push(pod)
          else candidates.set(state, [pod])
        }
      }
    }
    return candidates
  }
}

function replaceSlices(
  state: ServiceState,
  slices: readonly EndpointSlice[],
  changes: Change[],
): void {
  if (slices === state.slices) return
  const unchanged = new Set(state.slices)
  const names = new Set(slices.map(slice => slice.name))
  for (const slice of slices) {
    if (!unchanged.has(slice)) changes.push({ type: 'upsert', object: slice })
  }
  for (const slice of state.slices) if (!names.has(slice.name)) changes.push(deletionOf(slice))
  state.slices = slices
}

function deletionOf({ kind, namespace, name }: EndpointSlice): Change {
  return { type: 'delete', kind, namespace, name }
}

function podChangeOf({ namespace, name, after }: PodStep): Change {
  return after
    ? { type: 'upsert', object: after }
    : { type: 'delete', kind: 'Pod', namespace, name }
}
