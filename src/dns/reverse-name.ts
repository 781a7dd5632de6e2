import { nameFromLabels, type WireName } from './wire-name.ts'
import type { IpBytes } from '../lib/ip.ts'

const inAddrArpa = nameFromLabels(['in-addr', 'arpa'])!
const octets = Array.from({ length: 256 }, (_, octet) => String(octet))
const ip6Arpa = nameFromLabels(['ip6', 'arpa'])!

/** `4.3.2.1.in-addr.arpa`, RFC 1035 §3.5, or 32 nibbles below ip6.arpa, RFC 3596 §2.5. */
export function reverseName(address: IpBytes): WireName {
  if (address.length === 4) {
    const [a, b, c, d] = address
    return nameFromLabels([octets[d!]!, octets[c!]!, octets[b!]!, octets[a!]!], inAddrArpa)!
  }
  const nibbles = Array.from(address, byte => [byte >> 4, byte & 0xf]).flat()
  return nameFromLabels(nibbles.map(nibble => nibble.toString(16)).reverse(), ip6Arpa)!
}
