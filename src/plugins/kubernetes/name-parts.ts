import { labelsOf, type WireName } from '../../dns/wire-name.ts'

/** What a name of a cluster zone is made of. Labels as they stand in the name, lower case; empty where the name has none. */
export interface NameParts {
  readonly kind: string
  readonly namespace: string
  /** Of a pod name: the address with dashes. */
  readonly service: string
  readonly endpoint: string
  readonly portName: string
  readonly protocol: string
  /** The topology zone of `eu-1.pin._zone.…`, whose name may have dots. */
  readonly topologyZone: readonly string[]
}

const noParts: NameParts = {
  kind: '',
  namespace: '',
  service: '',
  endpoint: '',
  portName: '',
  protocol: '',
  topologyZone: [],
}

export interface ClusterZoneName {
  readonly zone: WireName
  /** Names by topology zone are known. */
  readonly isZonal: boolean
}

/**
 * Takes a name in a zone apart by its form alone, as CoreDNS does: whether it exists is not looked at, and a port needs no
 * underscores. `undefined` for what has none of the forms.
 */
export function parseNameParts(
  name: WireName,
  { zone, isZonal }: ClusterZoneName,
): NameParts | undefined {
  const labels = labelsOf(name.subarray(0, name.length - zone.length)).reverse()
  const [kind = '', namespace = '', service = '', near = '', far = '', ...others] = labels
  if (labels.length > 0 && kind !== 'svc' && kind !== 'pod') return undefined
  if (labels.length < 2) return noParts
  const parts = { ...noParts, kind, namespace, service }
  switch (labels.length) {
    case 2:
    case 3:
      return parts
    case 4:
      return { ...parts, endpoint: near }
    case 5:
      return { ...parts, portName: withoutUnderscore(far), protocol: withoutUnderscore(near) }
    default: {
      const isByZone = kind === 'svc' && near === '_zone' && (far === 'pin' || far === 'prefer')
      return isZonal && isByZone ? { ...parts, topologyZone: others.reverse() } : undefined
    }
  }
}

function withoutUnderscore(label: string): string {
  return label.startsWith('_') ? label.slice(1) : label
}
