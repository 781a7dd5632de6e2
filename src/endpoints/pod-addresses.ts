import type { Cidr } from '../lib/cidr.ts'
import { PodAddressRange } from './pod-address-range.ts'

/** One address per pod CIDR, or the CIDR that has none left. */
type PodAllocation = { readonly podIPs: readonly string[] } | { readonly full: Cidr }

/** The addresses of all pods: one range per family, and a pod gets one of each or none at all. */
export class PodAddresses {
  readonly #ranges: readonly PodAddressRange[]

  /** Throws a RangeError unless there is one CIDR, or one of each family. The first is the primary. */
  constructor(cidrs: readonly Cidr[]) {
    const families = new Set(cidrs.map(cidr => cidr.family))
    if (cidrs.length === 0 || families.size < cidrs.length) {
      throw new RangeError(`Cannot use ${cidrs.length} pod CIDRs: expected one per family`)
    }
    this.#ranges = cidrs.map(cidr => new PodAddressRange(cidr))
  }

  allocate(owner: string): PodAllocation {
    const podIPs: string[] = []
    for (const range of this.#ranges) {
      const address = range.allocate(owner)
      if (address === undefined) {
        this.release(podIPs)
        return { full: range.cidr }
      }
      podIPs.push(address)
    }
    // A pushed-to array has room for 17; there may be many of these.
    return { podIPs: podIPs.slice() }
  }

  release(podIPs: readonly string[]): void {
    for (const address of podIPs) for (const range of this.#ranges) range.release(address)
  }

  /** The addresses among these that other pods had been given and now must give up. */
  reserve(podIPs: readonly string[]): string[] {
    return podIPs.filter(address => this.#ranges.some(range => range.reserve(address)))
  }

  unreserve(podIPs: readonly string[]): void {
    for (const address of podIPs) for (const range of this.#ranges) range.unreserve(address)
  }
}
