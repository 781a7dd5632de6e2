/** The API's names of the two families, as in `spec.ipFamilies`. */
export type IpFamily = 'IPv4' | 'IPv6'

/** An address in network byte order: 4 bytes for IPv4, 16 for IPv6. */
export type IpBytes = Uint8Array

const MAX_TEXT_LENGTH = 45

/**
 * Reads an address as Go's `netip.ParseAddr` does: dotted IPv4 without leading zeros, IPv6 with one
 * `::` and an optional dotted tail; no zone, no prefix length. RFC 4291 §2.2.
 */
export function parseIp(text: string): IpBytes | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

/** The address as text in its one canonical form: dotted, or RFC 5952. */
export function formatIp(bytes: IpBytes): string {
  return bytes.length === 4 ? bytes.join('.') : formatIpv6(bytes)
}

export function familyOf(bytes: IpBytes): IpFamily {
  return bytes.length === 4 ? 'IPv4' : 'IPv6'
}

/** The family of an address in text form; `undefined` when it is not an address. */
export function familyOfText(text: string): IpFamily | undefined {
  const bytes = parseIp(text)
  return bytes && familyOf(bytes)
}

/** The canonical text of an address given as text; `undefined` when it is not an address. */
export function canonicalIp(text: string): string | undefined {
  const bytes = parseIp(text)
  return bytes && formatIp(bytes)
}

/** True for `::ffff:0:0/96`, which the API server refuses wherever it asks for an address. */
export function isIpv4Mapped(bytes: IpBytes): boolean {
  return (
    bytes.length === 16 &&
    bytes.subarray(0, 10).every(byte => byte === 0) &&
    bytes[10] === 0xff &&
    bytes[11] === 0xff
  )
}

/** The address as a number, for arithmetic inside a CIDR. */
export function ipToBigInt(bytes: IpBytes): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

/** The address of `family` with the number `value`; the inverse of {@link ipToBigInt}. */
export function ipFromBigInt(value: bigint, family: IpFamily): IpBytes {
  const bytes = new Uint8Array(family === 'IPv4' ? 4 : 16)
  let rest = value
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

function parseIpv4(text: string): IpBytes | undefined {
  const bytes = new Uint8Array(4)
  let index = 0
  let value = -1
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 46 : text.charCodeAt(i)
    if (code === 46) {
      if (value < 0 || index === 4) return undefined
      bytes[index++] = value
      value = -1
    } else if (code >= 48 && code <= 57) {
      if (value === 0) return undefined
      value = (value < 0 ? 0 : value * 10) + code - 48
      if (value > 255) return undefined
    } else {
      return undefined
    }
  }
  return index === 4 ? bytes : undefined
}

function parseIpv6(text: string): IpBytes | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0]!)
  const tail = halves.length === 2 ? parseGroups(halves[1]!) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 16 - head.length - tail.length
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined
  if (halves.length === 2 && halves[0]!.includes('.')) return undefined
  const bytes = new Uint8Array(16)
  bytes.set(head, 0)
  bytes.set(tail, 16 - tail.length)
  return bytes
}

/** The bytes of groups between colons; none of '', which stands beside `::`. */
function parseGroups(text: string): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [position, group] of groups.entries()) {
    if (group.includes('.')) {
      const dotted = position === groups.length - 1 ? parseIpv4(group) : undefined
      if (!dotted) return undefined
      bytes.push(...dotted)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    }
  }
  return bytes.length <= 16 ? bytes : undefined
}

function formatIpv6(bytes: IpBytes): string {
  if (isIpv4Mapped(bytes)) return `::ffff:${bytes.subarray(12).join('.')}`
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i]! << 8) | bytes[i + 1]!)
  const zeros = longestZeroRun(groups)
  if (zeros.length < 2) return formatGroups(groups)
  const head = groups.slice(0, zeros.start)
  const tail = groups.slice(zeros.start + zeros.length)
  return `${formatGroups(head)}::${formatGroups(tail)}`
}

function formatGroups(groups: readonly number[]): string {
  return groups.map(group => group.toString(16)).join(':')
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue
    if (i - start > best.length) best = { start, length: i - start }
    start = i + 1
  }
  return best
}
