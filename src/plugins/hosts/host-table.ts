import { parseZoneNames } from '../../corefile/zone-names.ts'
import {
  isInZone,
  lowerCaseName,
  parseName,
  renderName,
  type WireName,
} from '../../dns/wire-name.ts'
import { formatIp, type IpBytes, isIpv4Mapped, parseIp } from '../../lib/ip.ts'

export interface HostTableOptions {
  /** Names outside of them are left out. Lower case. */
  readonly zones: readonly WireName[]
  readonly hasReverse: boolean
}

/** The content of a hosts file, hosts(5), by name. Keys are names as text, lower case with the final dot. */
export class HostTable {
  readonly ipv4 = new Map<string, IpBytes[]>()
  readonly ipv6 = new Map<string, IpBytes[]>()
  /** Reverse name of an address ─▶ the names that it has, in the order of the file. */
  readonly reverse = new Map<string, WireName[]>()
  /** Addresses, and names that they lead back to. */
  entryCount = 0

  /** Lines without an address, and names that are none or of other zones, are left out. */
  constructor(text: string, { zones, hasReverse }: HostTableOptions) {
    for (const line of text.split('\n')) {
      const [first = '', ...names] = line.replace(/#.*/, '').split(/\s+/).filter(Boolean)
      const address = parseHostAddress(first)
      if (!address) continue
      for (const nameText of names) {
        const parsed = parseName(nameText)
        const name = parsed && lowerCaseName(parsed)
        if (name && zones.some(zone => isInZone(name, zone))) this.#add(address, name, hasReverse)
      }
    }
  }

  /**
   * The addresses of one family: those of the name itself, else those of `*` in place of its first label. CoreDNS asks so
   * per family.
   */
  lookup(family: 'ipv4' | 'ipv6', name: string): readonly IpBytes[] {
    const table = this[family]
    return table.get(name) ?? table.get(wildcardOf(name)) ?? []
  }

  #add(address: IpBytes, name: WireName, hasReverse: boolean): void {
    const key = renderName(name)
    push(address.length === 4 ? this.ipv4 : this.ipv6, key, address)
    this.entryCount++
    if (!hasReverse || isWildcard(key)) return
    push(this.reverse, reverseNameOf(address), name)
    this.entryCount++
  }
}

/** An address of a hosts file: the scope of a link-local one is dropped, an IPv4-mapped one is IPv4. */
export function parseHostAddress(text: string): IpBytes | undefined {
  const address = parseIp(text.replace(/%.*/, ''))
  return address && isIpv4Mapped(address) ? address.slice(12) : address
}

/** True for `*.example.org.`, which stands for names of one more label. */
export function isWildcard(name: string): boolean {
  return name.startsWith('*.')
}

function wildcardOf(name: string): string {
  const label = /^(?:[^.\\]|\\.)*\./.exec(name)?.[0] ?? ''
  return `*.${name.slice(label.length)}`
}

/** The one reverse zone of a network of one address is its reverse name. */
function reverseNameOf(address: IpBytes): string {
  return parseZoneNames(`${formatIp(address)}/${address.length * 8}`)![0]!
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
