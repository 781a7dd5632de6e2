import { addressBits, type Cidr, cidrSize, formatCidr } from '../lib/cidr.ts'
import type { BandedRange } from './number-pool.ts'

/** Kubernetes' bounds of the static band, KEP-3070. */
const MIN_STATIC = 16n
const MAX_STATIC = 256n
const STATIC_SHARE = 16n

const MIN_IPV6_PREFIX_LENGTH = 64

/**
 * What can be given out of a service CIDR: all but the network address and, for IPv4, the broadcast
 * address. An IPv4 /31 or /32 and an IPv6 /128 have none.
 */
export function usableRange(cidr: Cidr): BandedRange {
  const reserved = cidr.family === 'IPv4' ? 2n : 1n
  const usable = cidrSize(cidr) - reserved
  return {
    first: cidr.base + 1n,
    size: usable > 0n ? usable : 0n,
    staticSize: staticBandSize(cidr),
  }
}

/** What makes the CIDR unusable for Services, as the API server words it; `undefined` when nothing. */
export function serviceCidrProblem(cidr: Cidr): string | undefined {
  if (cidr.family === 'IPv4' || cidr.prefixLength >= MIN_IPV6_PREFIX_LENGTH) return undefined
  return (
    `Cannot allocate from ${JSON.stringify(formatCidr(cidr))}: ` +
    `the shortest allowed prefix length of an IPv6 service CIDR is ${MIN_IPV6_PREFIX_LENGTH}`
  )
}

/** Counted on the whole CIDR, its unusable addresses included; Kubernetes takes /0 and /1 as empty. */
function staticBandSize(cidr: Cidr): bigint {
  const hostBits = addressBits(cidr.family) - cidr.prefixLength
  if (cidr.family === 'IPv4' && hostBits >= 31) return 0n
  const size = cidrSize(cidr)
  if (size <= MIN_STATIC) return 0n
  const share = size / STATIC_SHARE
  if (share < MIN_STATIC) return MIN_STATIC
  return share > MAX_STATIC ? MAX_STATIC : share
}
