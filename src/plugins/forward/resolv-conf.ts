import { parseServer, type UpstreamAddress } from './upstream-address.ts'

/** The servers of the `nameserver` lines, in their order. Other lines and what is no address are left out. resolv.conf(5). */
export function parseNameServers(text: string): UpstreamAddress[] {
  return text.split('\n').flatMap(line => {
    const [keyword, address] = line.trim().split(/\s+/)
    if (keyword !== 'nameserver' || address === undefined) return []
    return parseServer(address, 'dns') ?? []
  })
}
