import { lowerCaseName, parseName, renderName } from '../dns/wire-name.ts'
import { addressBits, type Cidr } from '../lib/cidr.ts'
import { ipFromBigInt } from '../lib/ip.ts'
import { parseMaskedCidr } from './masked-cidr.ts'

/** White space and what else is never meant in a name here: a port, a missing comma or brace. */
const foreign = /[^\x21-\x7e]|[:,"{}]/

/** `Example.org` as `example.org.`; `undefined` when it is not a name. Never of a CIDR. */
export function parseZoneName(text: string): string | undefined {
  if (text === '' || foreign.test(text) || looksLikeCidr(text)) return undefined
  const name = parseName(text)
  return name && renderName(lowerCaseName(name))
}

/**
 * A name, or the reverse zones of a CIDR: `10.0.0.0/24` is `0.0.10.in-addr.arpa.`. Reverse zones begin at
 * octets and nibbles, so `10.96.0.0/12` makes the sixteen zones `96.10.in-addr.arpa.` to
 * `111.10.in-addr.arpa.`. Bits beyond the prefix are ignored, as CoreDNS does.
 */
export function parseZoneNames(text: string): readonly string[] | undefined {
  if (looksLikeCidr(text)) {
    const cidr = parseMaskedCidr(text)
    return cidr && reverseZones(cidr)
  }
  const name = parseZoneName(text)
  return name === undefined ? undefined : [name]
}

/** False for the names of RFC 2317, `0/25.2.0.192.in-addr.arpa`. */
function looksLikeCidr(text: string): boolean {
  return /^[\d.]+\/\d*$/.test(text) || /^[^/]*:[^/]*\//.test(text)
}

/** RFC 1035 §3.5 and RFC 3596 §2.5: at most 128 zones for IPv4, 8 for IPv6. */
function reverseZones({ family, base, prefixLength }: Cidr): string[] {
  const labelBits = family === 'IPv4' ? 8 : 4
  const suffix = family === 'IPv4' ? 'in-addr.arpa.' : 'ip6.arpa.'
  const labelCount = Math.ceil(prefixLength / labelBits)
  const zoneBits = labelCount * labelBits
  const step = 1n << BigInt(addressBits(family) - zoneBits)
  return Array.from({ length: 2 ** (zoneBits - prefixLength) }, (_, index) => {
    const bytes = ipFromBigInt(base + BigInt(index) * step, family)
    const labels =
      family === 'IPv4'
        ? Array.from(bytes, String)
        : Array.from(bytes, byte => [byte >> 4, byte & 0xf])
            .flat()
            .map(nibble => nibble.toString(16))
    return [...labels.slice(0, labelCount).reverse(), suffix].join('.')
  })
}
