import { addressBits, type Cidr } from '../lib/cidr.ts'
import { familyOf, ipToBigInt, parseIp } from '../lib/ip.ts'

/** Reads `10.0.0.1/8` as `10.0.0.0/8`: bits beyond the prefix are dropped, as Go's `net.ParseCIDR` does. */
export function parseMaskedCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  const address = parseIp(text.slice(0, slash))
  const length = text.slice(slash + 1)
  if (!address || !/^\d{1,3}$/.test(length)) return undefined
  const family = familyOf(address)
  const prefixLength = Number(length)
  if (prefixLength > addressBits(family)) return undefined
  const hostBits = BigInt(addressBits(family) - prefixLength)
  return { family, base: (ipToBigInt(address) >> hostBits) << hostBits, prefixLength }
}
