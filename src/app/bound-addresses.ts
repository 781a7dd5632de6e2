import type { NetworkInterfaceInfo } from 'node:os'
import { CorefileError, type Place } from '../corefile/corefile-error.ts'
import { type IpFamily, familyOfText } from '../lib/ip.ts'
import type { BindSettings } from '../plugins/bind/bind.ts'

export interface BoundAddress {
  readonly address: string
  readonly family: IpFamily
}

/** The addresses that `bind` names, those of interfaces included. Throws a CorefileError for what this machine does not have. */
export function boundAddresses(
  { addresses, except }: BindSettings,
  {
    interfaces,
    block,
  }: {
    readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>
    readonly block: Place
  },
): BoundAddress[] {
  const expand = (word: string): BoundAddress[] => {
    const family = familyOfText(word)
    if (family) return [{ address: word, family }]
    const infos = interfaces[word]
    if (!infos) {
      const known = Object.keys(interfaces).join(', ')
      throw new CorefileError(
        block,
        `bind: "${word}" is neither an address nor an interface: interfaces are ${known}`,
      )
    }
    return infos
      .filter(({ family: of, scopeid }) => of === 'IPv4' || scopeid === 0)
      .map(({ address, family: of }) => ({ address, family: of }))
  }
  const excluded = new Set(except.flatMap(expand).map(({ address }) => address))
  const bound = new Map(addresses.flatMap(expand).map(found => [found.address, found]))
  return [...bound.values()].filter(({ address }) => !excluded.has(address))
}
