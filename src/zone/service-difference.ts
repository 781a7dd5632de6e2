import type { Endpoint, EndpointSlice } from '../objects/endpoint-slice.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'
import { endpointLabel } from './endpoint-label.ts'
import { shapeOf } from './service-shape.ts'
import { isZonalKey } from './zonal-key.ts'

/** Says of a name of a service whether its answers are surely the same after a change as before. */
export type IsSteady = (key: string) => boolean

/**
 * Compares two views by the identity of their parts, which the store keeps where nothing changed: so
 * that one endpoint of a thousand that changes costs two names and not a thousand.
 */
export function steadyNames(
  before: ServiceView | undefined,
  after: ServiceView | undefined,
  frame: ZoneFrame,
): IsSteady {
  const shape = after && shapeOf(after, frame)
  if (!before || !after || shapeOf(before, frame) !== shape || shape === 'alias') return () => false
  const isServiceSteady = shape === 'cluster-ip' && before.service === after.service
  const changed = changedLabels(before, after, frame)
  return key =>
    key === '' || key.startsWith('_') || isZonalKey(key) ? isServiceSteady : !changed.has(key)
}

function changedLabels(
  before: ServiceView,
  after: ServiceView,
  frame: ZoneFrame,
): ReadonlySet<string> {
  const labels = new Set<string>()
  const note = (endpoints: Iterable<Endpoint>) => {
    for (const endpoint of endpoints) labels.add(endpointLabel(endpoint, frame))
  }
  const left = new Map(before.slices.map(slice => [slice.name, slice]))
  for (const slice of after.slices) {
    const previous = left.get(slice.name)
    left.delete(slice.name)
    if (previous === slice) continue
    note(previous ? changedEndpoints(previous, slice) : slice.endpoints)
  }
  for (const slice of left.values()) note(slice.endpoints)
  return labels
}

function changedEndpoints(before: EndpointSlice, after: EndpointSlice): Iterable<Endpoint> {
  if (before.ports !== after.ports || before.addressType !== after.addressType) {
    return [...before.endpoints, ...after.endpoints]
  }
  const had = new Set(before.endpoints)
  const has = new Set(after.endpoints)
  return [
    ...before.endpoints.filter(endpoint => !has.has(endpoint)),
    ...after.endpoints.filter(endpoint => !had.has(endpoint)),
  ]
}
