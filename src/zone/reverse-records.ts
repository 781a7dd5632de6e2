import { isInZone, nameFromLabels, renderName, type WireName } from '../dns/wire-name.ts'
import { RrType } from '../dns/rr-type.ts'
import type { Service } from '../objects/service.ts'
import type { EndpointSlice } from '../objects/endpoint-slice.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { AddressIndex, TouchedAddresses } from './address-index.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'
import { endpointLabel } from './endpoint-label.ts'
import { type Answer, isFilled, type NameRecord, positiveAnswer } from './resource-record.ts'
import { reverseName } from '../dns/reverse-name.ts'
import type { ServiceRecords } from './service-records.ts'
import { parseRecordAddress, readyEndpoints, shapeOf } from './service-shape.ts'

interface ReverseEntry {
  readonly name: WireName
  /** Empty when the address leads to no name. */
  readonly answers: readonly Answer[]
}

interface ReverseContext {
  readonly frame: ZoneFrame
  readonly index: AddressIndex
  readonly services: ServiceRecords
  /** The view as the zone shows it; `undefined` for a service whose namespace does not exist. */
  readonly find: (namespace: string, name: string) => ServiceView | undefined
}

interface Target {
  readonly name: WireName
  readonly hasHostname: boolean
}

/**
 * PTR records, Kubernetes DNS specification §2.3.3 and §2.4.3: one for a ClusterIP, else one for each
 * name that leads to the address. Every target is a name that exists.
 */
export class ReverseRecords {
  readonly #context: ReverseContext
  /** The names of services whose endpoints have names; for one run over addresses. */
  readonly #bases = new Map<EndpointSlice, WireName | undefined>()

  constructor(context: ReverseContext) {
    this.#context = context
  }

  /** Addresses outside the reverse zones have none. */
  *entries(touched: TouchedAddresses): Iterable<ReverseEntry> {
    try {
      for (const slice of touched.slices) yield* this.#freshEntries(slice)
      for (const text of new Set(touched.addresses)) {
        const name = this.#reverseName(text)
        if (name) yield this.#entry(name, this.#targets(text))
      }
    } finally {
      this.#bases.clear()
    }
  }

  *#freshEntries(slice: EndpointSlice): Iterable<ReverseEntry> {
    const base = this.#baseOf(slice)
    for (const endpoint of base ? readyEndpoints(slice) : []) {
      const target = nameFromLabels([endpointLabel(endpoint, this.#context.frame)], base)
      const name = this.#reverseName(endpoint.address)
      if (name && target) yield this.#entry(name, [target])
    }
  }

  #reverseName(text: string): WireName | undefined {
    const address = parseRecordAddress(text)
    const name = address && reverseName(address)
    const isOurs = name && this.#context.frame.reverseApexes.some(apex => isInZone(name, apex))
    return isOurs ? name : undefined
  }

  #entry(name: WireName, targets: readonly WireName[]): ReverseEntry {
    const { ttlSeconds } = this.#context.frame
    const records = targets.map((target): NameRecord => {
      return { type: RrType.ptr, name, ttlSeconds, target }
    })
    return { name, answers: isFilled(records) ? [positiveAnswer(records)] : [] }
  }

  #targets(address: string): readonly WireName[] {
    const services: Target[] = []
    const endpoints: Target[] = []
    for (const owner of this.#context.index.owners(address)) {
      if (owner.kind === 'Service') services.push(...this.#serviceTargets(owner))
      else endpoints.push(...this.#endpointTargets(owner, address))
    }
    // Two Services cannot have one ClusterIP, but manifests can say so.
    if (services.length > 0) return sortTargets(services).slice(0, 1)
    return sortTargets(endpoints)
  }

  #serviceTargets(service: Service): Target[] {
    const { find, services, frame } = this.#context
    const view = find(service.namespace, service.name)
    if (!view || shapeOf(view, frame) !== 'cluster-ip') return []
    const name = services.baseName(view)
    return name ? [{ name, hasHostname: false }] : []
  }

  #endpointTargets(slice: EndpointSlice, address: string): Target[] {
    const { frame, index } = this.#context
    const base = this.#baseOf(slice)
    if (!base) return []
    return index.endpointsAt(slice, address).flatMap(endpoint => {
      const name = nameFromLabels([endpointLabel(endpoint, frame)], base)
      return name ? [{ name, hasHostname: endpoint.hostname !== '' }] : []
    })
  }

  #baseOf(slice: EndpointSlice): WireName | undefined {
    if (this.#bases.has(slice)) return this.#bases.get(slice)
    const { find, services, frame } = this.#context
    const view = find(slice.namespace, slice.serviceName)
    const shape = view ? shapeOf(view, frame) : 'none'
    const hasNames = shape === 'headless' || shape === 'cluster-ip'
    const base = view && hasNames ? services.baseName(view) : undefined
    this.#bases.set(slice, base)
    return base
  }
}

/** Names that people gave first, then by name, so that the first PTR, often the only one read, stays. */
function sortTargets(targets: readonly Target[]): readonly WireName[] {
  if (targets.length < 2) return targets.map(target => target.name)
  const rendered = targets.map(target => ({ ...target, text: renderName(target.name) }))
  const sorted = rendered.sort(
    (a, b) => Number(b.hasHostname) - Number(a.hasHostname) || (a.text < b.text ? -1 : 1),
  )
  const names = new Map(sorted.map(({ text, name }) => [text, name]))
  return [...names.values()]
}
