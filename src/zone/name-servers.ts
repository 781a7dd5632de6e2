import type { WireName } from '../dns/wire-name.ts'
import { RrType } from '../dns/rr-type.ts'
import { canonicalIp, formatIp, type IpBytes } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { AddressIndex } from './address-index.ts'
import { childOf, type ZoneFrame } from './cluster-zone-options.ts'
import {
  addressRecord,
  type Answer,
  type Host,
  isFilled,
  type NameRecord,
  positiveAnswer,
} from './resource-record.ts'
import type { ServiceName } from './service-records.ts'
import { parseRecordAddress, shapeOf } from './service-shape.ts'
import { isZonalKey } from './zonal-key.ts'

interface NameServerContext {
  readonly frame: ZoneFrame
  readonly index: AddressIndex
  readonly names: (view: ServiceView) => readonly ServiceName[]
  readonly find: (namespace: string, name: string) => ServiceView | undefined
}

/**
 * The hosts that serve the zone: the Services with one of our own addresses among their endpoints, by
 * their endpoints where headless; `ns.dns` with our own addresses where there is none.
 */
export function nameServerHosts(context: NameServerContext): readonly Host[] {
  const hosts = ownServices(context).flatMap(view => serviceHosts(view, context))
  if (hosts.length > 0) return hosts
  const { frame } = context
  const addresses = frame.localAddresses.map(parseRecordAddress).filter(isDefined)
  return [{ name: childOf(frame.apex, 'ns', 'dns'), addresses }]
}

/** The NS answer of an apex. All zones have the same name servers, those of the primary zone. */
export function nameServerAnswer(
  apex: WireName,
  hosts: readonly Host[],
  ttlSeconds: number,
): Answer {
  const records = hosts.map((host): NameRecord => {
    return { type: RrType.ns, name: apex, ttlSeconds, target: host.name }
  })
  const glue = hosts.flatMap(host =>
    host.addresses.map(address => addressRecord(host.name, address, ttlSeconds)),
  )
  if (!isFilled(records)) throw new RangeError('Cannot serve a zone: it has no name server')
  return positiveAnswer(records, glue)
}

/** The addresses of all name servers, each once: what `ns.dns` leads to. */
export function nameServerAddresses(hosts: readonly Host[]): readonly IpBytes[] {
  const addresses = hosts.flatMap(host => host.addresses)
  return [...new Map(addresses.map(address => [formatIp(address), address])).values()]
}

function ownServices({ frame, index, find }: NameServerContext): readonly ServiceView[] {
  const views = new Map<string, ServiceView>()
  for (const text of frame.localAddresses) {
    for (const owner of index.owners(canonicalIp(text) ?? text)) {
      if (owner.kind === 'Service') continue
      const view = find(owner.namespace, owner.serviceName)
      if (view) views.set(objectKey(view), view)
    }
  }
  return [...views.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, view]) => view)
}

function serviceHosts(view: ServiceView, { frame, names }: NameServerContext): readonly Host[] {
  const isHeadless = shapeOf(view, frame) === 'headless'
  return names(view)
    .filter(({ key }) => (isHeadless ? isHostKey(key) : key === ''))
    .map(({ name, answers }) => ({ name, addresses: addressesIn(answers()) }))
}

function isHostKey(key: string): boolean {
  return key !== '' && !key.startsWith('_') && !isZonalKey(key)
}

function addressesIn(answers: readonly Answer[]): readonly IpBytes[] {
  return answers
    .flatMap(answer => answer.records)
    .flatMap(record =>
      record.type === RrType.a || record.type === RrType.aaaa ? [record.address] : [],
    )
}

function isDefined<Item>(item: Item | undefined): item is Item {
  return item !== undefined
}
