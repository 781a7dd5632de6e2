import { type Cidr, formatCidr, parseCidr } from '../lib/cidr.ts'
import { canonicalIp, familyOfText } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { IpAddress } from '../objects/ip-address.ts'
import type { ServiceCidr } from '../objects/service-cidr.ts'
import type { Service } from '../objects/service.ts'
import { AddressPool, type CidrUsage } from './address-pool.ts'
import { heldAddresses } from './held-resources.ts'
import { serviceCidrProblem } from './service-cidr.ts'

/** Something about the addresses of a cluster that its API server does not tell, or only in events that are gone after an hour. */
interface AddressFinding {
  readonly about: 'cidr' | 'duplicate' | 'form' | 'outside' | 'unprotected' | 'band'
  readonly message: string
}

export interface AddressesOfCluster {
  readonly services: readonly Service[]
  readonly serviceCidrs: readonly ServiceCidr[]
  /** `undefined` where the API server has none (below 1.33). */
  readonly ipAddresses: readonly IpAddress[] | undefined
}

export interface AddressReport {
  readonly findings: readonly AddressFinding[]
  /** How full the bands of each usable network are. */
  readonly usage: readonly CidrUsage[]
}

/** From here on the API server's random choice and names that lead to the same address get in each other's way. */
const fullShare = 0.9

export function reportAddresses(cluster: AddressesOfCluster): AddressReport {
  const { serviceCidrs, services, ipAddresses } = cluster
  const cidrs = usableCidrs(serviceCidrs)
  const owners = ownersOf(services)
  const usage = usageOf(cidrs, owners)
  return {
    findings: [
      ...serviceCidrs.flatMap(findInCidr),
      ...[...owners].flatMap(([address, keys]) => findDuplicate(address, keys)),
      ...services.flatMap(findForms),
      ...services.flatMap(service => findOutside(service, cidrs)),
      ...(ipAddresses ? findUnprotected(owners, ipAddresses) : []),
      ...usage.flatMap(findFullBand),
    ],
    usage,
  }
}

function usableCidrs(serviceCidrs: readonly ServiceCidr[]): readonly Cidr[] {
  return serviceCidrs
    .flatMap(({ cidrs }) => cidrs.flatMap(text => parseCidr(text) ?? []))
    .filter(cidr => serviceCidrProblem(cidr) === undefined)
}

/** The Services of each address, in its canonical form. */
function ownersOf(services: readonly Service[]): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>()
  for (const service of services) {
    for (const text of heldAddresses(service)) {
      const address = canonicalIp(text) ?? text
      owners.set(address, [...(owners.get(address) ?? []), objectKey(service)])
    }
  }
  return owners
}

function usageOf(
  cidrs: readonly Cidr[],
  owners: ReadonlyMap<string, readonly string[]>,
): readonly CidrUsage[] {
  const pools = [...Map.groupBy(cidrs, ({ family }) => family).values()]
  return pools.flatMap(own => {
    const pool = new AddressPool(own)
    for (const [address, keys] of owners) pool.restore(address, keys[0]!)
    return pool.usage()
  })
}

function findInCidr({ name, cidrs, ready }: ServiceCidr): AddressFinding[] {
  const subject = `ServiceCIDR ${JSON.stringify(name)}`
  const problems = cidrs.flatMap(text => {
    const cidr = parseCidr(text)
    if (!cidr) return [`${JSON.stringify(text)} is no network`]
    const problem = serviceCidrProblem(cidr)
    return problem === undefined
      ? []
      : [`${problem}; the API server calls it ready and never uses it`]
  })
  if (!ready) problems.push('not ready: no new addresses are taken from it')
  return problems.map(text => ({ about: 'cidr', message: `${subject}: ${text}` }))
}

function findDuplicate(address: string, keys: readonly string[]): AddressFinding[] {
  if (keys.length < 2) return []
  const message = `${address} is the address of ${keys.length} Services: ${keys.join(', ')}; all but one have to be created anew`
  return [{ about: 'duplicate', message }]
}

/** The API server compares texts and takes the address for lost. */
function findForms(service: Service): AddressFinding[] {
  return heldAddresses(service).flatMap((text): AddressFinding[] => {
    const canonical = canonicalIp(text)
    if (canonical === text) return []
    const subject = `Service ${objectKey(service)}: ${JSON.stringify(text)}`
    const message =
      canonical === undefined
        ? `${subject} is no address`
        : `${subject} is not in canonical form (${canonical}), so the API server does not keep it from being given to another`
    return [{ about: 'form', message }]
  })
}

function findOutside(service: Service, cidrs: readonly Cidr[]): AddressFinding[] {
  return heldAddresses(service).flatMap((text): AddressFinding[] => {
    const family = familyOfText(text)
    const own = cidrs.filter(cidr => cidr.family === family)
    const isInside = own.length > 0 && new AddressPool(own).bandOf(text) !== undefined
    if (family === undefined || isInside) return []
    const known = own.map(formatCidr).join(', ') || 'none of its family'
    const message = `Service ${objectKey(service)}: ${text} is in no usable ServiceCIDR (${known})`
    return [{ about: 'outside', message }]
  })
}

function findUnprotected(
  owners: ReadonlyMap<string, readonly string[]>,
  ipAddresses: readonly IpAddress[],
): AddressFinding[] {
  const byName = new Map(ipAddresses.map(address => [address.name, address]))
  return [...owners].flatMap(([address, keys]): AddressFinding[] => {
    const object = byName.get(address)
    if (object && keys.includes(object.service)) return []
    const what = object
      ? `its IPAddress belongs to ${object.service || 'something else'}`
      : 'there is no IPAddress of it'
    return [{ about: 'unprotected', message: `${address} of ${keys.join(', ')}: ${what}` }]
  })
}

function findFullBand({ cidr, dynamic }: CidrUsage): AddressFinding[] {
  if (dynamic.size === 0 || dynamic.taken / dynamic.size < fullShare) return []
  const message = `${cidr}: ${dynamic.taken} of ${dynamic.size} addresses of the dynamic band are taken`
  return [{ about: 'band', message }]
}
