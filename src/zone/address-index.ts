import { canonicalIp } from '../lib/ip.ts'
import type { Endpoint, EndpointSlice } from '../objects/endpoint-slice.ts'
import type { Service } from '../objects/service.ts'
import type { ServiceView } from '../store/cluster.ts'
import { clusterIpsOf, readyEndpoints } from './service-shape.ts'

/** Whose PTR records may have changed. */
export interface TouchedAddresses {
  /** Some of them twice. */
  readonly addresses: string[]
  /**
   * Slices of which every address was unknown before, as nearly all are in a first batch. Where one of
   * them got a second owner since, it is among `addresses` too.
   */
  readonly slices: EndpointSlice[]
}

/** What an address was found in. */
type AddressOwner = Service | EndpointSlice

/**
 * Which objects carry an address: one Map entry per address and nothing per endpoint, because the
 * endpoint itself is found again in its slice of at most a thousand. A pod behind two Services is in
 * two slices; the address stays known until the last of them lets go of it.
 */
export class AddressIndex {
  readonly #owners = new Map<string, AddressOwner | readonly AddressOwner[]>()
  /** Slices with an address that is not in canonical form, which takes longer to find. */
  readonly #oddlySpelled = new Set<AddressOwner>()

  owners(address: string): readonly AddressOwner[] {
    const owners = this.#owners.get(address) ?? []
    return isSingle(owners) ? [owners] : owners
  }

  /**
   * Takes the objects of `after` in place of those of `before`. Notes what this touches, save those
   * of endpoints that only moved from one version of a slice to the next.
   */
  replace(
    before: ServiceView | undefined,
    after: ServiceView | undefined,
    touched: TouchedAddresses,
  ): void {
    const gone = ownersIn(before).filter(owner => !hasOwner(after, owner))
    const come = ownersIn(after).filter(owner => !hasOwner(before, owner))
    const steady = commonEndpoints(gone, come)
    // New owners first, in the place of old ones: a Map that is deleted from is made anew time and again.
    for (const owner of come) {
      const start = touched.addresses.length
      let isFresh = gone.length === 0
      for (const entry of entriesOf(owner)) {
        const address = this.#keyOf(textOf(entry), owner)
        if (address === undefined) continue
        if (!this.#add(address, owner, gone)) isFresh = false
        if (!steady.has(entry)) touched.addresses.push(address)
      }
      if (!isFresh || owner.kind === 'Service') continue
      touched.addresses.length = start
      touched.slices.push(owner)
    }
    for (const owner of gone) {
      for (const entry of entriesOf(owner)) {
        const address = this.#keyOf(textOf(entry), owner)
        if (address === undefined) continue
        this.#remove(address, owner)
        if (!steady.has(entry)) touched.addresses.push(address)
      }
      this.#oddlySpelled.delete(owner)
    }
  }

  /** Notes every address of a view: what its names are has changed, though its objects may not have. */
  touch(view: ServiceView, touched: TouchedAddresses): void {
    for (const owner of ownersIn(view)) {
      for (const entry of entriesOf(owner)) {
        const address = canonicalKey(textOf(entry))
        if (address !== undefined) touched.addresses.push(address)
      }
    }
  }

  /** The ready endpoints of `slice` that have `address`, in the order of the slice. */
  endpointsAt(slice: EndpointSlice, address: string): readonly Endpoint[] {
    const isOdd = this.#oddlySpelled.size > 0 && this.#oddlySpelled.has(slice)
    return slice.endpoints.filter(
      endpoint =>
        endpoint.ready &&
        (endpoint.address === address || (isOdd && canonicalIp(endpoint.address) === address)),
    )
  }

  /** Adds an owner in place of those that are gone. Returns whether the address was unknown. */
  #add(address: string, owner: AddressOwner, gone: readonly AddressOwner[]): boolean {
    const known = this.owners(address)
    if (known.length === 0) {
      this.#owners.set(address, owner)
      return true
    }
    const rest = known.filter(other => other !== owner && !gone.includes(other))
    this.#owners.set(address, rest.length === 0 ? owner : [...rest, owner])
    return false
  }

  #remove(address: string, owner: AddressOwner): void {
    const owners = this.#owners.get(address)
    if (owners === undefined) return
    if (owners === owner) this.#owners.delete(address)
    if (isSingle(owners)) return
    const rest = owners.filter(other => other !== owner)
    this.#owners.set(address, rest.length === 1 ? rest[0]! : rest)
  }

  #keyOf(text: string, owner: AddressOwner): string | undefined {
    const address = canonicalKey(text)
    if (address !== text && address !== undefined) this.#oddlySpelled.add(owner)
    return address
  }
}

/** The canonical text. IPv4 has only one that parses; what does not parse is never asked for. */
function canonicalKey(text: string): string | undefined {
  return text.includes(':') ? canonicalIp(text) : text
}

function isSingle(owners: AddressOwner | readonly AddressOwner[]): owners is AddressOwner {
  return 'kind' in owners
}

function ownersIn(view: ServiceView | undefined): readonly AddressOwner[] {
  if (!view) return []
  return view.service ? [view.service, ...view.slices] : view.slices
}

function hasOwner(view: ServiceView | undefined, owner: AddressOwner): boolean {
  if (!view) return false
  return owner.kind === 'Service' ? view.service === owner : view.slices.includes(owner)
}

/** A ClusterIP as text, or an endpoint. */
type AddressEntry = string | Endpoint

function entriesOf(owner: AddressOwner): readonly AddressEntry[] {
  return owner.kind === 'Service' ? clusterIpsOf(owner) : readyEndpoints(owner)
}

function textOf(entry: AddressEntry): string {
  return typeof entry === 'string' ? entry : entry.address
}

/** Endpoints only: a Service that changed touches its addresses whatever they were. */
function commonEndpoints(
  gone: readonly AddressOwner[],
  come: readonly AddressOwner[],
): ReadonlySet<AddressEntry> {
  if (gone.length === 0 || come.length === 0) return new Set()
  const left = new Set(gone.flatMap(owner => entriesOf(owner)))
  const stayed = come.flatMap(owner => entriesOf(owner))
  return new Set(stayed.filter(entry => typeof entry !== 'string' && left.has(entry)))
}
