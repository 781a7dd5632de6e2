import type { NetworkInterfaceInfo } from 'node:os'
import { parseIp } from '../../lib/ip.ts'
import type { BindSettings } from './bind.ts'

export interface BoundAddress {
  readonly address: string
  readonly family: 'IPv4' | 'IPv6'
}

export interface BoundAddresses {
  readonly addresses: readonly BoundAddress[]
  /** Words that are neither an address nor an interface with one, at this moment. */
  readonly unknown: readonly string[]
}

/**
 * What all `bind` lines of a block stand for on a machine with these interfaces (`os.networkInterfaces()`). Each `except` is
 * for its own line.
 */
export function bindAddresses(
  settings: readonly BindSettings[],
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): BoundAddresses {
  const addresses = new Map<string, BoundAddress>()
  const unknown: string[] = []
  const find = (word: string): readonly BoundAddress[] => {
    const found = ofInterface(word, interfaces[word]) ?? ofText(word)
    if (!found) unknown.push(word)
    return found ?? []
  }
  for (const { to, except } of settings) {
    const excluded = new Set(except.flatMap(find).map(({ address }) => address))
    for (const bound of to.flatMap(find)) {
      if (!excluded.has(bound.address)) addresses.set(bound.address, bound)
    }
  }
  return { addresses: [...addresses.values()], unknown }
}

function ofInterface(
  name: string,
  infos: readonly NetworkInterfaceInfo[] | undefined,
): BoundAddress[] | undefined {
  return infos?.map(info => ({
    // A link-local address is on every interface: which one is meant belongs to its text.
    address:
      info.family === 'IPv6' && info.scopeid !== 0 ? `${info.address}%${name}` : info.address,
    family: info.family,
  }))
}

function ofText(word: string): BoundAddress[] | undefined {
  const bytes = parseIp(word.split('%', 1)[0]!)
  if (!bytes || (bytes.length === 4 && word.includes('%'))) return undefined
  return [{ address: word, family: bytes.length === 4 ? 'IPv4' : 'IPv6' }]
}
