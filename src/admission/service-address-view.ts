import { AddressPool, type CidrUsage } from '../clusterip/address-pool.ts'
import { heldAddresses } from '../clusterip/held-resources.ts'
import { serviceCidrProblem } from '../clusterip/service-cidr.ts'
import { type Cidr, cidrsOverlap, parseCidr } from '../lib/cidr.ts'
import type { IpFamily } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { IpAddress } from '../objects/ip-address.ts'
import type { ServiceCidr } from '../objects/service-cidr.ts'
import type { Service } from '../objects/service.ts'
import { AddressHolders } from './service-address-holders.ts'
import type { AddressPolicy, AddressRule } from './service-policy.ts'

/** What has to be read before an address can be chosen. */
export type AddressSource = 'services' | 'servicecidrs' | 'ipaddresses'

export interface AddressViewOptions {
  readonly policy: AddressPolicy
  /** Of `--service-cidr`: used where the API server has no ServiceCIDRs (below 1.33). */
  readonly serviceCidrs: readonly Cidr[]
}

/** The ServiceCIDR that the API server makes of its flags. Its families are those that Services can have. */
const defaultCidrName = 'kubernetes'
type Pools = ReadonlyMap<IpFamily, AddressPool>

/**
 * The addresses of a cluster as they are known now: what may be given out, and who has what. It lags behind the API server, and
 * each replica has its own.
 */
export class AddressView {
  readonly #policy: AddressPolicy
  readonly #fallback: readonly Cidr[]
  readonly #waitingFor = new Set<AddressSource>(['services', 'servicecidrs', 'ipaddresses'])
  readonly #holders = new AddressHolders()
  readonly #cidrs = new Map<string, ServiceCidr>()
  readonly #onChange = new Set<() => void>()
  #hasCidrs = true
  /** Made when they are asked for, after the ServiceCIDRs have changed. */
  #pools: Map<AddressRule | undefined, Pools> | undefined

  constructor({ policy, serviceCidrs }: AddressViewOptions) {
    this.#policy = policy
    this.#fallback = serviceCidrs
    this.#holders.onChange = (address, holder, step) => {
      for (const pools of this.#pools?.values() ?? [])
        for (const pool of pools.values()) pool[step](address, holder)
    }
  }

  get policy(): AddressPolicy {
    return this.#policy
  }

  /** What has not been read completely so far. */
  get waitingFor(): readonly AddressSource[] {
    return [...this.#waitingFor]
  }

  get isReady(): boolean {
    return this.#waitingFor.size === 0
  }

  /** All objects of the source have been told. */
  synced(source: AddressSource): void {
    this.#waitingFor.delete(source)
    this.#changed()
  }

  /** The API server does not know such objects. When it learns them they are told and count. */
  missing(source: 'servicecidrs' | 'ipaddresses'): void {
    if (source === 'servicecidrs' && this.#cidrs.size === 0) this.#hasCidrs = false
    this.#pools = undefined
    this.synced(source)
  }

  applyService(service: Service): void {
    this.#holders.setService(objectKey(service), heldAddresses(service))
    this.#changed()
  }

  deleteService(key: string): void {
    this.#holders.deleteService(key)
    this.#changed()
  }

  applyIpAddress(address: IpAddress): void {
    this.#holders.setAddress(address.name, address.service)
    this.#changed()
  }

  deleteIpAddress(name: string): void {
    this.#holders.deleteAddress(name)
    this.#changed()
  }

  applyServiceCidr(cidr: ServiceCidr): void {
    this.#hasCidrs = true
    this.#cidrs.set(cidr.name, cidr)
    this.#pools = undefined
    this.#changed()
  }

  deleteServiceCidr(name: string): void {
    this.#cidrs.delete(name)
    this.#pools = undefined
    this.#changed()
  }

  /** There is such a Service, with or without addresses. */
  hasService(key: string): boolean {
    return this.#holders.hasService(key)
  }

  /** The Services (`namespace/name`) that have the address, and '' for an IPAddress of something else. */
  holdersOf(address: string): ReadonlySet<string> {
    return this.#holders.keysOf(address)
  }

  /** Neither the Service nor an IPAddress of it is there. */
  isFree(key: string): boolean {
    return !this.#holders.hasKey(key)
  }

  /** The families that Services can have, the default one first; none while no ServiceCIDR is known. */
  get families(): readonly IpFamily[] {
    const own = this.#cidrs.get(defaultCidrName)
    const cidrs = this.#hasCidrs && own ? parsed(own) : this.#allCidrs()
    return [...new Set(cidrs.map(({ family }) => family))]
  }

  /** Those that are not ready included: a dry run of the API server asks any of them. */
  cidrCount(family: IpFamily): number {
    return this.#allCidrs().filter(cidr => cidr.family === family).length
  }

  /** What a rule's Services are given out of; `undefined` where nothing can be. */
  poolOf(rule: AddressRule, family: IpFamily): AddressPool | undefined {
    const pools = (this.#pools ??= this.#makePools())
    return pools.get(rule)?.get(family) ?? pools.get(undefined)?.get(family)
  }

  /** How full each ServiceCIDR that is in use is. */
  usage(): CidrUsage[] {
    const pools = (this.#pools ??= this.#makePools())
    return [...pools.get(undefined)!.values()].flatMap(pool => pool.usage())
  }

  /** Waits until it is so, for as long as the signal lets it. */
  async until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    if (isSo() || signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const check = (): void => {
      if (isSo()) resolve()
    }
    const giveUp = (): void => resolve()
    this.#onChange.add(check)
    signal.addEventListener('abort', giveUp)
    await promise
    signal.removeEventListener('abort', giveUp)
    this.#onChange.delete(check)
  }

  #changed(): void {
    for (const check of this.#onChange) check()
  }

  /** The API server's own first, as in its flags; the others by name, so that all replicas go the same way. */
  #objects(): readonly ServiceCidr[] {
    return [...this.#cidrs.values()].sort((one, other) => (rank(one) < rank(other) ? -1 : 1))
  }

  #allCidrs(): readonly Cidr[] {
    return this.#hasCidrs ? this.#objects().flatMap(parsed) : this.#fallback
  }

  #usableCidrs(): readonly Cidr[] {
    const cidrs = this.#hasCidrs
      ? this.#objects().flatMap(object => (object.ready ? parsed(object) : []))
      : this.#fallback
    return cidrs.filter(cidr => serviceCidrProblem(cidr) === undefined)
  }

  #makePools(): Map<AddressRule | undefined, Pools> {
    const usable = this.#usableCidrs()
    const { rules, reserved } = this.#policy
    const ofRules = rules.flatMap(({ pool }) => pool)
    const pools = new Map<AddressRule | undefined, Pools>()
    pools.set(undefined, this.#fill(usable, [...reserved, ...ofRules]))
    for (const rule of rules) {
      const within = rule.pool.filter(cidr => usable.some(whole => isWithin(cidr, whole)))
      if (rule.pool.length > 0) pools.set(rule, this.#fill(within, reserved))
    }
    return pools
  }

  #fill(cidrs: readonly Cidr[], reserved: readonly Cidr[]): Pools {
    const byFamily = Map.groupBy(cidrs, cidr => cidr.family)
    const pools = [...byFamily].map(([family, own]) => {
      const pool = new AddressPool(own, reserved)
      for (const [address, holder] of this.#holders.entries()) pool.restore(address, holder)
      return [family, pool] as const
    })
    return new Map(pools)
  }
}

function rank({ name }: ServiceCidr): string {
  return name === defaultCidrName ? '' : name
}

function parsed({ cidrs }: ServiceCidr): readonly Cidr[] {
  return cidrs.flatMap(text => parseCidr(text) ?? [])
}

function isWithin(cidr: Cidr, whole: Cidr): boolean {
  return cidr.prefixLength >= whole.prefixLength && cidrsOverlap(cidr, whole)
}
