import { type Cidr, cidrContains, cidrSize } from '../lib/cidr.ts'
import { hashText } from '../lib/hash.ts'
import { formatIp, type IpBytes, ipFromBigInt, parseIp } from '../lib/ip.ts'
import { OffsetSet } from './offset-set.ts'

/** The first 2^24 addresses of a block are enough for pods, and keep offsets small. */
const MAX_OFFSET = 2 ** 24 - 1

/**
 * The addresses of one pod CIDR. An address is *allocated* to a pod that needs one, or *reserved* by
 * pods that came with it; a reservation wins. Network and IPv4 broadcast address are never allocated.
 */
export class PodAddressRange {
  readonly cidr: Cidr
  readonly #base: IpBytes
  readonly #last: number
  readonly #allocated = new OffsetSet()
  readonly #reserved = new OffsetSet()
  /** How many pods beyond the first one came with the same address. */
  readonly #sharers = new Map<number, number>()

  constructor(cidr: Cidr) {
    this.cidr = cidr
    this.#base = ipFromBigInt(cidr.base, cidr.family)
    const last = cidrSize(cidr) - (cidr.family === 'IPv4' ? 2n : 1n)
    this.#last = last < 0n ? 0 : Math.min(MAX_OFFSET, Number(last))
  }

  /** The address that a hash of `owner` picks, else the next free one; `undefined` when all are used. */
  allocate(owner: string): string | undefined {
    if (this.#allocated.count + this.#reserved.count >= this.#last) return undefined
    let offset = 1 + (hashText(owner) % this.#last)
    while (this.#reserved.has(offset) || !this.#allocated.add(offset)) {
      offset = (offset % this.#last) + 1
    }
    return this.#addressAt(offset)
  }

  /** Takes back what `allocate` gave; nothing happens when a reservation has taken it meanwhile. */
  release(address: string): void {
    const offset = this.#offsetOf(address)
    if (offset !== undefined) this.#allocated.delete(offset)
  }

  /** Keeps an address for a pod that came with it. True when that takes it from another pod. */
  reserve(address: string): boolean {
    const offset = this.#offsetOf(address)
    if (offset === undefined) return false
    if (!this.#reserved.add(offset)) {
      this.#sharers.set(offset, (this.#sharers.get(offset) ?? 0) + 1)
    }
    return this.#allocated.delete(offset)
  }

  unreserve(address: string): void {
    const offset = this.#offsetOf(address)
    if (offset === undefined) return
    const sharers = this.#sharers.get(offset) ?? 0
    if (sharers === 0) this.#reserved.delete(offset)
    else if (sharers === 1) this.#sharers.delete(offset)
    else this.#sharers.set(offset, sharers - 1)
  }

  /** Offsets lie within the host bits, which are zero in the base: no carry. */
  #addressAt(offset: number): string {
    const bytes = this.#base.slice()
    const end = bytes.length
    bytes[end - 1]! |= offset & 0xff
    bytes[end - 2]! |= (offset >>> 8) & 0xff
    bytes[end - 3]! |= offset >>> 16
    return formatIp(bytes)
  }

  /** `undefined` for an address that `allocate` would never choose. */
  #offsetOf(address: string): number | undefined {
    const bytes = parseIp(address)
    if (!bytes || !cidrContains(this.cidr, bytes)) return undefined
    let offset = 0
    for (const [index, byte] of bytes.entries()) offset = offset * 256 + (byte ^ this.#base[index]!)
    return offset >= 1 && offset <= this.#last ? offset : undefined
  }
}
