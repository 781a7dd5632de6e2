import type { AnswerReader } from '../../answers/answer-reader.ts'
import {
  isInZone,
  nameFromLabels,
  parseName,
  renderName,
  type WireName,
} from '../../dns/wire-name.ts'
import type { Query } from '../handler.ts'
import type { Link } from '../plugin.ts'
import { findClientPod } from '../client-pod.ts'
import type { KubernetesSettings } from './kubernetes-settings.ts'
import { type ClusterZoneName, parseNameParts } from './name-parts.ts'

type Entry = readonly [name: string, value: () => string]

/** What is known of a query before it is answered: the pod that asks, and what the name names. Names and values are CoreDNS's. */
export function clusterMetadata(
  settings: KubernetesSettings,
  clients: AnswerReader,
): NonNullable<Link['metadata']> {
  const { zones, reverseZones, pods, zonal } = settings
  const longestFirst = [...zones, ...reverseZones]
    .map(zone => parseName(zone)!)
    .toSorted((a, b) => b.length - a.length)
  return ({ name, client }: Query) => {
    const zone = longestFirst.find(candidate => isInZone(name, candidate))
    return [
      ...(pods === 'verified' ? ofClient(clients, client.address) : []),
      ...(zone ? ofName(name, { zone, isZonal: zonal }) : []),
    ]
  }
}

function ofClient(clients: AnswerReader, address: string): readonly Entry[] {
  const pod = findClientPod(clients, address)
  if (!pod) return []
  const entries: Entry[] = [['kubernetes/client-namespace', () => pod.namespace]]
  if (pod.name !== '') entries.push(['kubernetes/client-pod-name', () => pod.name])
  for (const label of pod.labels) {
    const end = label.indexOf('=')
    entries.push([`kubernetes/client-label/${label.slice(0, end)}`, () => label.slice(end + 1)])
  }
  return entries
}

function ofName(name: WireName, zone: ClusterZoneName): readonly Entry[] {
  const parts = parseNameParts(name, zone)
  if (!parts) return [['kubernetes/parse-error', () => 'invalid query name']]
  const entries: Entry[] = [
    ['kubernetes/port-name', () => renderLabel(parts.portName)],
    ['kubernetes/protocol', () => renderLabel(parts.protocol)],
    ['kubernetes/endpoint', () => renderLabel(parts.endpoint)],
    ['kubernetes/service', () => renderLabel(parts.service)],
    ['kubernetes/namespace', () => renderLabel(parts.namespace)],
    ['kubernetes/kind', () => parts.kind],
  ]
  if (zone.isZonal) {
    entries.push(['kubernetes/zone', () => parts.topologyZone.map(renderLabel).join('.')])
  }
  return entries
}

/** A label as it stands in the text of a name: clients choose its bytes. */
function renderLabel(label: string): string {
  return label === '' ? '' : renderName(nameFromLabels([label])!).slice(0, -1)
}
