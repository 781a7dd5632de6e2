import { otherTypes } from '../answers/compiled-answer.ts'
import { RrType } from '../dns/rr-type.ts'
import { nameFromLabels, parseName, type WireName } from '../dns/wire-name.ts'
import { parseIp } from '../lib/ip.ts'
import { isHeadless, type Service } from '../objects/service.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'
import { type Answer, type NameRecord, positiveAnswer, type SrvRecord } from './resource-record.ts'
import type { ServiceName, ServiceRecords } from './service-records.ts'

/**
 * The names of a Service by what it can be reached at from outside: its load balancer and its external addresses; of a headless
 * Service without these its endpoints, where `headless` asks for them. A load balancer that has a host name only makes a CNAME,
 * which is one, RFC 2181 §10.1.
 */
export function externalNames(
  view: ServiceView,
  { frame, services, headless }: { frame: ZoneFrame; services: ServiceRecords; headless: boolean },
): readonly ServiceName[] {
  const { service } = view
  if (!service) return []
  const targets = externalTargets(service)
  if (targets.length === 0) return headless && isHeadless(service) ? services.names(view) : []
  const addresses = targets.filter(text => parseIp(text))
  if (addresses.length === 0) return aliasNames(view, targets[0]!, { frame, services })
  return services.names(outside(view, service, addresses))
}

/** Where a Service can be reached from outside, the load balancer first, as in CoreDNS. */
export function externalTargets({ loadBalancer = [], externalIPs }: Service): readonly string[] {
  return [...loadBalancer, ...externalIPs]
}

/** The Service as if its outer addresses were its ClusterIPs. */
function outside(view: ServiceView, service: Service, addresses: readonly string[]): ServiceView {
  return {
    ...view,
    service: { ...service, type: 'ClusterIP', clusterIPs: addresses },
    slices: [],
  }
}

function aliasNames(
  view: ServiceView,
  host: string,
  { frame, services }: { frame: ZoneFrame; services: ServiceRecords },
): readonly ServiceName[] {
  const base = services.baseName(view)
  const target = parseName(host)
  if (!base || !target) return []
  const { ttlSeconds } = frame
  const cname: NameRecord = { type: RrType.cname, name: base, ttlSeconds, target }
  const alias = positiveAnswer([cname])
  const answers: readonly Answer[] = [alias, { ...alias, type: otherTypes, ending: 'open' }]
  const names: ServiceName[] = [{ key: '', name: base, answers: () => answers }]
  for (const { name: portName, protocol, port } of view.service!.ports) {
    const labels = [`_${portName}`, `_${protocol}`.toLowerCase()]
    const name: WireName | undefined = nameFromLabels(labels, base)
    if (portName === '' || !name) continue
    const srv: SrvRecord = { type: RrType.srv, name, ttlSeconds, weight: 100, port, target }
    names.push({ key: labels.join('.'), name, answers: () => [positiveAnswer([srv])] })
  }
  return names
}
