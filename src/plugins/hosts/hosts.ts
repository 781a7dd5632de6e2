import { classIn } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import { isInZone, parseName, renderName, type WireName } from '../../dns/wire-name.ts'
import type { Handler, Query, Reply } from '../handler.ts'
import type { Link, Plugin } from '../plugin.ts'
import { isScanIn } from '../scan-zones.ts'
import type { ServingContext } from '../serving-context.ts'
import { ClusterGate } from './cluster-gate.ts'
import { HostsFile } from './hosts-file.ts'
import { type HostsSettings, readHosts } from './hosts-settings.ts'

/** A, AAAA and PTR records of a hosts file. */
export const hosts: Plugin<HostsSettings> = {
  name: 'hosts',
  read: readHosts,
  serve: ([settings], context) => linkOf(settings!, context),
}

/** There is no SOA for NXDOMAIN: CoreDNS's choice, so that clients ask elsewhere. */
const unknown: Reply = { rcode: Rcode.servFail, authoritative: false }

function linkOf(settings: HostsSettings, context: ServingContext): Link {
  const file = context.keep(
    `hosts ${JSON.stringify(settings)}`,
    () => new HostsFile(settings, context),
  )
  const zones = settings.zones.map(zone => parseName(zone)!)
  const fallthrough = settings.fallthrough.map(zone => parseName(zone)!)
  const fallsThrough = (name: WireName): boolean => fallthrough.some(zone => isInZone(name, zone))

  const handle: Handler = (query, next) => {
    const { name, type } = query
    if (query.class !== classIn) return next()
    const key = renderName(name)
    if (type === RrType.ptr) {
      const targets = file.tables.flatMap(table => table.reverse.get(key) ?? [])
      return targets.length > 0 ? answerOf(query, targets, settings) : next()
    }
    if (!zones.some(zone => isInZone(name, zone))) return next()
    const isAddress = type === RrType.a || type === RrType.aaaa
    if (!isAddress && settings.fallthroughUnsupported && fallsThrough(name)) return next()
    const ipv4 = file.tables.flatMap(table => table.lookup('ipv4', key))
    const ipv6 = file.tables.flatMap(table => table.lookup('ipv6', key))
    if (ipv4.length + ipv6.length === 0) return fallsThrough(name) ? next() : unknown
    if (!isAddress) return answerOf(query, [], settings)
    return answerOf(query, type === RrType.a ? ipv4 : ipv6, settings)
  }

  const gate = new ClusterGate(file, context.reader)
  return {
    handle,
    leavesClusterAnswers: scan =>
      gate.leavesAlone(scan) && (isScanIn(scan, fallthrough) || !isScanIn(scan, zones)),
  }
}

function answerOf(
  { spelling, type }: Query,
  data: readonly Uint8Array[],
  { ttlSeconds }: HostsSettings,
): Reply {
  const answers = data.map((rdata): ResourceRecord => ({ name: spelling, type, ttlSeconds, rdata }))
  return { rcode: Rcode.noError, authoritative: true, answers }
}
