import type { Cidr } from '../lib/cidr.ts'
import { canonicalIp, familyOfText, type IpFamily } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { Service } from '../objects/service.ts'
import { AddressPool, type CidrUsage } from './address-pool.ts'
import type { AllocationStep } from './allocation-step.ts'
import { Claims, type Pools } from './claims.ts'
import { allocateClusterIps } from './cluster-ips.ts'
import type { FieldError } from './field-error.ts'
import { heldAddresses, heldNodePorts } from './held-resources.ts'
import { dropUnusedFields, keepAllocatedValues, linkClusterIps } from './linked-fields.ts'
import { allocateNodePorts } from './node-ports.ts'
import type { RangeUsage } from './number-pool.ts'
import { defaultNodePortRange, PortPool, type PortRange } from './port-pool.ts'
import { type RepairFinding, restoreAddresses, restoreNodePorts } from './repair.ts'
import { serviceCidrProblem } from './service-cidr.ts'
import { resolveFamilies } from './service-families.ts'
import { checkTransition } from './service-transitions.ts'

/** The Service with every field filled in, or why it is refused. A refused request changes nothing. */
export type AllocationOutcome =
  | { readonly service: Service; readonly warnings: readonly string[] }
  | { readonly errors: readonly FieldError[] }

export interface ServiceAllocatorOptions {
  /** At least one. The family of the first is the default; those of one family are used in order. */
  readonly serviceCidrs: readonly Cidr[]
  readonly nodePortRange?: PortRange
}

/**
 * Gives Services their cluster IPs, families and node ports by the rules of Kubernetes 1.36, where
 * Signpost is the only allocator. Unlike there, the choice is stable: it follows from the name.
 * The caller keeps the Services: it says what was before, and stores the outcome.
 */
export class ServiceAllocator {
  readonly #pools: Pools
  readonly #families: readonly IpFamily[]

  /** Throws a RangeError for a CIDR that {@link serviceCidrProblem} names. */
  constructor({ serviceCidrs, nodePortRange = defaultNodePortRange }: ServiceAllocatorOptions) {
    for (const cidr of serviceCidrs) {
      const problem = serviceCidrProblem(cidr)
      if (problem) throw new RangeError(problem)
    }
    if (serviceCidrs.length === 0) throw new RangeError('Cannot allocate: no service CIDR')
    const byFamily = Map.groupBy(serviceCidrs, cidr => cidr.family)
    this.#pools = {
      addresses: new Map([...byFamily].map(([family, cidrs]) => [family, new AddressPool(cidrs)])),
      nodePorts: new PortPool(nodePortRange),
    }
    this.#families = [...byFamily.keys()]
  }

  /** Allocates for a Service of a name that holds nothing yet. */
  create(service: Service): AllocationOutcome {
    return this.#request(linkClusterIps(service, undefined), undefined)
  }

  /** `before` is the outcome of the last create, update or restore; `after` may be a bare manifest. */
  update(before: Service, after: Service): AllocationOutcome {
    return this.#request(linkClusterIps(keepAllocatedValues(after, before), before), before)
  }

  delete(service: Service): void {
    this.#release(service, undefined)
  }

  /**
   * Marks what a Service is known to have, from durable state. Where another has it already, the
   * first keeps it; such findings carry the reasons of Kubernetes' repair loop.
   */
  restore(service: Service): RepairFinding[] {
    return [...restoreAddresses(service, this.#pools), ...restoreNodePorts(service, this.#pools)]
  }

  /** The `namespace/name` that has this cluster IP. */
  addressOwner(address: string): string | undefined {
    return this.#poolOf(address)?.ownerOf(address)
  }

  nodePortOwner(port: number): string | undefined {
    return this.#pools.nodePorts.ownerOf(port)
  }

  /** How full each service CIDR is. */
  cidrUsage(): CidrUsage[] {
    return [...this.#pools.addresses.values()].flatMap(pool => pool.usage())
  }

  nodePortUsage(): RangeUsage {
    return this.#pools.nodePorts.usage()
  }

  #request(wanted: Service, before: Service | undefined): AllocationOutcome {
    const claims = new Claims(this.#pools, objectKey(wanted))
    const step = this.#allocate(wanted, before, claims)
    const errors = 'errors' in step ? step.errors : checkTransition(step.service, before)
    if ('errors' in step || errors.length > 0) {
      claims.giveBack()
      return { errors }
    }
    if (before) this.#release(before, step.service)
    return { service: step.service, warnings: canonicalWarnings(step.service) }
  }

  #allocate(wanted: Service, before: Service | undefined, claims: Claims): AllocationStep {
    let step = resolveFamilies(wanted, before, this.#families)
    if ('service' in step) step = allocateClusterIps(step.service, before, claims)
    if ('service' in step) step = allocateNodePorts(step.service, before, claims)
    if ('service' in step && before) step = { service: dropUnusedFields(step.service, before) }
    return step
  }

  /** Gives back what `before` has and `after` has not. */
  #release(before: Service, after: Service | undefined): void {
    const owner = objectKey(before)
    const keptAddresses = after ? heldAddresses(after) : []
    for (const address of heldAddresses(before))
      if (!keptAddresses.includes(address)) this.#poolOf(address)?.release(address, owner)
    const keptPorts = after ? heldNodePorts(after) : new Set()
    for (const port of heldNodePorts(before))
      if (!keptPorts.has(port)) this.#pools.nodePorts.release(port, owner)
  }

  #poolOf(address: string): AddressPool | undefined {
    const family = familyOfText(address)
    return family && this.#pools.addresses.get(family)
  }
}

/** An address stays as it was written, so that its author sees no change; the pools know better. */
function canonicalWarnings(service: Service): string[] {
  return heldAddresses(service).flatMap((address, index) => {
    const canonical = canonicalIp(address)
    if (canonical === undefined || canonical === address) return []
    const [written, better] = [JSON.stringify(address), JSON.stringify(canonical)]
    const text = `IPv6 address ${written} should be in RFC 5952 canonical format (${better})`
    return [`spec.clusterIPs[${index}]: ${text}`]
  })
}
