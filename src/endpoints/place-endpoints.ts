import type { Endpoint, EndpointSlice } from '../objects/endpoint-slice.ts'
import { isSameEndpoint, isUnchanged } from './pod-endpoints.ts'

/** The default of kube-controller-manager's --max-endpoints-per-slice. */
const maxEndpointsPerSlice = 100

interface Placement {
  /** The slices that stay, in their order, the same object where nothing changed. */
  readonly kept: readonly EndpointSlice[]
  /** The slices that lost their last endpoint. */
  readonly emptied: readonly EndpointSlice[]
  /** The endpoints of slices that are still to be made. */
  readonly created: readonly (readonly Endpoint[])[]
}

interface Draft {
  readonly slice: EndpointSlice
  readonly endpoints: Endpoint[]
  isChanged: boolean
}

/**
 * Distributes the desired endpoints of one family and port set with the least change, never
 * rebalancing: they stay where they are; new ones fill the slices that change anyway, fullest first;
 * a rest goes into the one unchanged slice that it fills best, or else into new slices.
 * With `changedPods`, endpoints of other pods stay without being named in `desired`.
 */
export function placeEndpoints(
  existing: readonly EndpointSlice[],
  desired: readonly Endpoint[],
  changedPods: ReadonlySet<string> | undefined,
): Placement {
  const wanted = existing.length > 0 ? new WantedEndpoints(desired) : undefined
  const drafts: Draft[] = []
  const emptied: EndpointSlice[] = []
  for (const slice of existing) {
    const endpoints: Endpoint[] = []
    let isChanged = false
    for (const endpoint of slice.endpoints) {
      const isConcerned = changedPods === undefined || changedPods.has(endpoint.podName)
      const now = isConcerned ? wanted?.take(endpoint) : endpoint
      if (now !== endpoint) isChanged = true
      if (now) endpoints.push(now)
    }
    if (endpoints.length > 0) drafts.push({ slice, endpoints, isChanged })
    else emptied.push(slice)
  }
  const rest = wanted ? wanted.rest() : desired
  const created = placeRest(drafts, rest)
  const kept = drafts.map(({ slice, endpoints, isChanged }) =>
    isChanged ? { ...slice, endpoints } : slice,
  )
  return { kept, emptied, created }
}

/** Appends to the drafts what fits by the rules; returns what needs new slices. */
function placeRest(drafts: readonly Draft[], rest: readonly Endpoint[]): Endpoint[][] {
  let next = 0
  const fill = (draft: Draft): void => {
    const end = next + maxEndpointsPerSlice - draft.endpoints.length
    draft.isChanged = true
    for (const endpoint of rest.slice(next, end)) draft.endpoints.push(endpoint)
    next = Math.min(rest.length, end)
  }
  const open = drafts
    .filter(draft => draft.isChanged && draft.endpoints.length < maxEndpointsPerSlice)
    .sort((a, b) => b.endpoints.length - a.endpoints.length)
  for (const draft of open) if (next < rest.length) fill(draft)

  const created: Endpoint[][] = []
  while (next < rest.length) {
    const draft = bestFit(drafts, rest.length - next)
    if (draft) {
      fill(draft)
    } else {
      created.push(rest.slice(next, next + maxEndpointsPerSlice))
      next += maxEndpointsPerSlice
    }
  }
  return created
}

/** The fullest slice with room for all of them; those that changed are full by now. */
function bestFit(drafts: readonly Draft[], count: number): Draft | undefined {
  let best: Draft | undefined
  for (const draft of drafts) {
    if (draft.endpoints.length + count > maxEndpointsPerSlice) continue
    if (!best || draft.endpoints.length > best.endpoints.length) best = draft
  }
  return best
}

/** The endpoints to place, found by pod. Those of one pod are neighbours. */
class WantedEndpoints {
  readonly #endpoints: readonly Endpoint[]
  readonly #isTaken: boolean[]
  readonly #firstOfPod = new Map<string, number>()

  constructor(endpoints: readonly Endpoint[]) {
    this.#endpoints = endpoints
    this.#isTaken = Array.from(endpoints, () => false)
    for (const [index, { podName }] of endpoints.entries()) {
      if (!this.#firstOfPod.has(podName)) this.#firstOfPod.set(podName, index)
    }
  }

  /** What becomes of an endpoint: itself, its successor, or `undefined` when it is no longer wanted. */
  take(endpoint: Endpoint): Endpoint | undefined {
    let index = this.#firstOfPod.get(endpoint.podName) ?? this.#endpoints.length
    for (; this.#endpoints[index]?.podName === endpoint.podName; index++) {
      const wanted = this.#endpoints[index]!
      if (this.#isTaken[index] || !isSameEndpoint(wanted, endpoint)) continue
      this.#isTaken[index] = true
      return isUnchanged(wanted, endpoint) ? endpoint : wanted
    }
    return undefined
  }

  rest(): Endpoint[] {
    return this.#endpoints.filter((_, index) => !this.#isTaken[index])
  }
}
