import {
  familyOf,
  formatIp,
  type IpBytes,
  type IpFamily,
  ipFromBigInt,
  ipToBigInt,
  parseIp,
} from './ip.ts'

/** A block of addresses. `base` is the network address as a number, host bits zero. */
export interface Cidr {
  readonly family: IpFamily
  readonly base: bigint
  readonly prefixLength: number
}

/**
 * Reads `10.96.0.0/16`. `undefined` when it is not an address, a slash and a prefix length without
 * leading zeros, or when bits are set beyond the prefix, as the API server demands of a ServiceCIDR.
 */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? undefined : parseIp(text.slice(0, slash))
  const length = text.slice(slash + 1)
  if (!address || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined
  const family = familyOf(address)
  const prefixLength = Number(length)
  if (prefixLength > addressBits(family)) return undefined
  const cidr = { family, base: ipToBigInt(address), prefixLength }
  return (cidr.base & (cidrSize(cidr) - 1n)) === 0n ? cidr : undefined
}

export function formatCidr(cidr: Cidr): string {
  return `${formatIp(ipFromBigInt(cidr.base, cidr.family))}/${cidr.prefixLength}`
}

/** How many addresses the block spans, its network and broadcast addresses included. */
export function cidrSize(cidr: Cidr): bigint {
  return 1n << BigInt(addressBits(cidr.family) - cidr.prefixLength)
}

export function cidrContains(cidr: Cidr, address: IpBytes): boolean {
  if (familyOf(address) !== cidr.family) return false
  const value = ipToBigInt(address)
  return value >= cidr.base && value < cidr.base + cidrSize(cidr)
}

/** True when an address can be in both. */
export function cidrsOverlap(one: Cidr, other: Cidr): boolean {
  if (one.family !== other.family) return false
  return one.base < other.base + cidrSize(other) && other.base < one.base + cidrSize(one)
}

export function addressBits(family: IpFamily): number {
  return family === 'IPv4' ? 32 : 128
}
