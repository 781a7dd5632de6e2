import { isInZone, nameFromLabels, parseName, renderName } from '../../dns/wire-name.ts'
import type { Query } from '../handler.ts'
import type { Link } from '../plugin.ts'
import type { KubernetesSettings } from './kubernetes-settings.ts'
import { parseNameParts } from './name-parts.ts'

type Entry = readonly [name: string, value: () => string]

/** What is known of a query before it is answered: what its name names. Names and values are CoreDNS's. */
export function clusterMetadata({
  zones,
  reverseZones,
  zonal,
}: KubernetesSettings): NonNullable<Link['metadata']> {
  const longestFirst = [...zones, ...reverseZones]
    .map(zone => parseName(zone)!)
    .toSorted((a, b) => b.length - a.length)
  return ({ name }: Query) => {
    const zone = longestFirst.find(candidate => isInZone(name, candidate))
    if (!zone) return []
    const parts = parseNameParts(name, { zone, isZonal: zonal })
    if (!parts) return [['kubernetes/parse-error', () => 'invalid query name']]
    const entries: Entry[] = [
      ['kubernetes/port-name', () => renderLabel(parts.portName)],
      ['kubernetes/protocol', () => renderLabel(parts.protocol)],
      ['kubernetes/endpoint', () => renderLabel(parts.endpoint)],
      ['kubernetes/service', () => renderLabel(parts.service)],
      ['kubernetes/namespace', () => renderLabel(parts.namespace)],
      ['kubernetes/kind', () => parts.kind],
    ]
    if (zonal)
      entries.push(['kubernetes/zone', () => parts.topologyZone.map(renderLabel).join('.')])
    return entries
  }
}

/** A label as it stands in the text of a name: clients choose its bytes. */
function renderLabel(label: string): string {
  return label === '' ? '' : renderName(nameFromLabels([label])!).slice(0, -1)
}
