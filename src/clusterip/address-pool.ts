import { type Cidr, cidrSize, formatCidr } from '../lib/cidr.ts'
import { hashText } from '../lib/hash.ts'
import { formatIp, type IpFamily, ipFromBigInt, ipToBigInt, parseIp } from '../lib/ip.ts'
import { NumberPool, type RangeUsage, type Refusal } from './number-pool.ts'
import { usableRange } from './service-cidr.ts'

/** How full one service CIDR is. */
export interface CidrUsage extends RangeUsage {
  readonly cidr: string
}

/** The Service of the API server, which is given the first address of its range. */
export const API_SERVER_SERVICE = 'default/kubernetes'

/**
 * The cluster IPs of one family: which are taken, and by which Service (`namespace/name`). CIDRs are
 * used in the order given and may overlap.
 */
export class AddressPool {
  readonly #family: IpFamily
  readonly #cidrs: readonly Cidr[]
  readonly #firstAddress: bigint
  readonly #numbers: NumberPool
  readonly #reserved: readonly Cidr[]
  /** The same without owners, made when it is asked for. */
  #empty: AddressPool | undefined

  /** All of `cidrs` are of one family, and there is at least one. What is `reserved` is taken only by who asks for it. */
  constructor(cidrs: readonly Cidr[], reserved: readonly Cidr[] = []) {
    const ranges = cidrs.map(usableRange)
    this.#family = cidrs[0]!.family
    this.#cidrs = cidrs
    this.#firstAddress = ranges[0]!.first
    this.#reserved = reserved
    const kept = reserved.filter(({ family }) => family === this.#family)
    this.#numbers = new NumberPool(
      ranges,
      kept.map(cidr => ({ first: cidr.base, size: cidrSize(cidr) })),
    )
  }

  /** Takes exactly this address. */
  take(address: string, owner: string): Refusal | undefined {
    const value = this.#parse(address)
    return value === undefined ? 'outside' : this.#numbers.take(value, owner)
  }

  /**
   * Takes the address that the owner's name leads to, so that the same Services get the same
   * addresses in every cluster. The families hash different texts (`default/web` for IPv4,
   * `default/web/IPv6` for IPv6): names that collide in one do not collide in the other, and an
   * address does not depend on whether its family is the first of the Service.
   */
  takeNext(owner: string): string | undefined {
    if (owner === API_SERVER_SERVICE && !this.#numbers.take(this.#firstAddress, owner))
      return this.#format(this.#firstAddress)
    const hash = hashText(this.#family === 'IPv4' ? owner : `${owner}/IPv6`)
    const value = this.#numbers.takeNext(hash, owner)
    return value === undefined ? undefined : this.#format(value)
  }

  /** The first choice for an owner, whoever may have it. */
  homeOf(owner: string): string | undefined {
    return (this.#empty ??= new AddressPool(this.#cidrs, this.#reserved)).candidates(owner, 1)[0]
  }

  /** Up to `count` addresses in the order in which `takeNext` would come to them. Nothing is taken. */
  candidates(owner: string, count: number): string[] {
    const found: string[] = []
    while (found.length < count) {
      const address = this.takeNext(owner)
      if (address === undefined) break
      found.push(address)
    }
    for (const address of found) this.release(address, owner)
    return found
  }

  /** Takes an address that the owner is already known to have. */
  restore(address: string, owner: string): Refusal | undefined {
    const value = this.#parse(address)
    return value === undefined ? 'outside' : this.#numbers.restore(value, owner)
  }

  release(address: string, owner: string): void {
    const value = this.#parse(address)
    if (value !== undefined) this.#numbers.release(value, owner)
  }

  ownerOf(address: string): string | undefined {
    const value = this.#parse(address)
    return value === undefined ? undefined : this.#numbers.ownerOf(value)
  }

  /** `undefined` for what is given out of none of the CIDRs. In several it counts as the first of them has it. */
  bandOf(address: string): 'static' | 'dynamic' | undefined {
    const value = this.#parse(address)
    return value === undefined ? undefined : this.#numbers.bandOf(value)
  }

  usage(): CidrUsage[] {
    return this.#numbers
      .usage()
      .map((usage, index) => ({ cidr: formatCidr(this.#cidrs[index]!), ...usage }))
  }

  #parse(address: string): bigint | undefined {
    const bytes = parseIp(address)
    return bytes && ipToBigInt(bytes)
  }

  #format(value: bigint): string {
    return formatIp(ipFromBigInt(value, this.#family))
  }
}
