import { type Cidr, cidrContains, parseCidr } from '../lib/cidr.ts'
import { familyOf, isIpv4Mapped, type IpFamily, parseIp } from '../lib/ip.ts'

interface SpecialRange {
  readonly blocks: readonly (Cidr | undefined)[]
  readonly fault: string
}

/** Where no endpoint and no external address can be. Kubernetes: `ValidateNonSpecialIP`. */
const specialRanges: readonly SpecialRange[] = [
  {
    blocks: [parseCidr('127.0.0.0/8'), parseCidr('::1/128')],
    fault: 'may not be in the loopback range (127.0.0.0/8, ::1/128)',
  },
  {
    blocks: [parseCidr('169.254.0.0/16'), parseCidr('fe80::/10')],
    fault: 'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
  },
  {
    blocks: [parseCidr('224.0.0.0/24'), parseCidr('ff02::/16')],
    fault: 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  },
]

/**
 * What the API server says against a text as an address, in its words; leading zeros and IPv4-mapped
 * addresses are refused (StrictIPCIDRValidation, on in 1.36), other spellings of IPv6 are not.
 */
export function checkIp(text: string): string[] {
  const bytes = parseIp(text)
  if (!bytes) {
    return /^\d+(\.\d+){3}$/.test(text) && text.split('.').every(part => Number(part) <= 255)
      ? ['must not have leading 0s']
      : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']
  }
  return isIpv4Mapped(bytes) ? ['must not be an IPv4-mapped IPv6 address'] : []
}

export function checkIpOfFamily(text: string, family: IpFamily): string[] {
  const faults = checkIp(text)
  const bytes = parseIp(text)
  if (bytes && familyOf(bytes) !== family) faults.push(`must be an ${family} address`)
  return faults
}

/** Expects a well-formed address. */
export function checkNotSpecial(text: string): string[] {
  const bytes = parseIp(text)
  if (!bytes) return []
  if (bytes.every(byte => byte === 0)) return [`may not be unspecified (${text})`]
  return specialRanges
    .filter(range => range.blocks.some(block => block && cidrContains(block, bytes)))
    .map(range => range.fault)
}
