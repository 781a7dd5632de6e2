import type { WireName } from '../dns/wire-name.ts'
import { RrType } from '../dns/rr-type.ts'
import { formatIp, type IpBytes } from '../lib/ip.ts'
import {
  addressAnswers,
  addressRecord,
  type Answer,
  isFilled,
  positiveAnswer,
  type ResourceRecord,
  type SrvRecord,
} from './resource-record.ts'
import type { Member } from './service-members.ts'

export interface MemberQuestion {
  readonly name: WireName
  readonly ttlSeconds: number
  /** `_http._tcp`, or '' for every port, named or not. */
  readonly portKey: string
}

/**
 * The A, AAAA and SRV answers of a name that stands for `members`: a service, one of its hosts or one
 * of its ports. A name for a port answers the addresses too, and the service's own name SRV for all
 * ports, beyond the Kubernetes DNS specification §2.3.2 but as CoreDNS does.
 */
export function memberAnswers(question: MemberQuestion, members: readonly Member[]): Answer[] {
  const { name, ttlSeconds } = question
  const addresses = distinctAddresses(members)
  return [...addressAnswers({ name, addresses }, ttlSeconds), ...srvAnswers(question, members)]
}

/**
 * One SRV per target and port. The weight shares 100 among all pairs of address and port, those that
 * give no record of their own included. RFC 2782; weights as CoreDNS.
 */
function srvAnswers(question: MemberQuestion, members: readonly Member[]): Answer[] {
  const { name, ttlSeconds, portKey } = question
  const weight = srvWeight(question, members)
  const records: SrvRecord[] = []
  const glue: ResourceRecord[] = []
  const seen = new Set<number>()
  const seenGlue = members.length > 1 ? new Set<string>() : undefined
  for (const { host, address, ports } of members) {
    let isTarget = false
    for (const { key, port } of ports) {
      if (port === undefined || (portKey !== '' && key !== portKey)) continue
      isTarget = true
      if (!isNew(seen, host.index * 0x10000 + port)) continue
      records.push({ type: RrType.srv, name, ttlSeconds, weight, port, target: host.name })
    }
    // Only a host with several addresses can have one twice.
    const mayRepeat = seenGlue && host.members.length > 1
    if (isTarget && (!mayRepeat || isNew(seenGlue, `${host.index} ${formatIp(address)}`))) {
      glue.push(addressRecord(host.name, address, ttlSeconds))
    }
  }
  return isFilled(records) ? [positiveAnswer(records, glue)] : []
}

function srvWeight({ portKey }: MemberQuestion, members: readonly Member[]): number {
  let pairs = 0
  for (const { ports } of members) {
    for (const { key } of ports) if (portKey === '' || key === portKey) pairs++
  }
  return Math.max(1, Math.floor(100 / pairs))
}

function distinctAddresses(members: readonly Member[]): readonly IpBytes[] {
  if (members.length === 1) return [members[0]!.address]
  const seen = new Set<string>()
  const addresses: IpBytes[] = []
  for (const { address } of members) {
    if (isNew(seen, formatIp(address))) addresses.push(address)
  }
  return addresses
}

function isNew<Item>(seen: Set<Item>, item: Item): boolean {
  if (seen.has(item)) return false
  seen.add(item)
  return true
}
