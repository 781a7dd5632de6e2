import { lowerCaseName, nameFromLabels, parseName, type WireName } from '../dns/wire-name.ts'

/** How `a-b-c-d.namespace.pod.zone` names are answered. */
type PodMode = 'disabled' | 'insecure' | 'verified'

export interface ClusterZoneOptions {
  /** `cluster.local` when not given. */
  readonly zone?: string
  /** Names of zones under in-addr.arpa or ip6.arpa; both of them when not given. */
  readonly reverseZones?: readonly string[]
  /** TTL of every record, 0 to 3600; 5 when not given. */
  readonly ttlSeconds?: number
  readonly pods?: PodMode
  /** Endpoints without a hostname are named for their pod instead of their address. */
  readonly endpointPodNames?: boolean
  /** A ClusterIP Service without a ready endpoint has no names. */
  readonly ignoreEmptyService?: boolean
  /** The namespaces that are shown; all when empty or not given. */
  readonly namespaces?: readonly string[]
  /** Addresses of this server: they find the Service that is the zone's name server. */
  readonly localAddresses?: readonly string[]
}

/** Options with their defaults in place and the names that everything else is built on. */
export interface ZoneFrame {
  readonly apex: WireName
  readonly reverseApexes: readonly WireName[]
  /** `svc` below the apex. */
  readonly services: WireName
  /** `pod` below the apex. */
  readonly pods: WireName
  readonly ttlSeconds: number
  readonly podMode: PodMode
  readonly endpointPodNames: boolean
  readonly ignoreEmptyService: boolean
  readonly localAddresses: readonly string[]
  isExposed(namespace: string): boolean
}

/** Throws a RangeError for a zone that is no legal name. */
export function resolveOptions(options: ClusterZoneOptions): ZoneFrame {
  const apex = parseZone(options.zone ?? 'cluster.local')
  const namespaces = new Set(options.namespaces)
  return {
    apex,
    reverseApexes: (options.reverseZones ?? ['in-addr.arpa', 'ip6.arpa']).map(parseZone),
    services: childOf(apex, 'svc'),
    pods: childOf(apex, 'pod'),
    ttlSeconds: options.ttlSeconds ?? 5,
    podMode: options.pods ?? 'disabled',
    endpointPodNames: options.endpointPodNames ?? false,
    ignoreEmptyService: options.ignoreEmptyService ?? false,
    localAddresses: options.localAddresses ?? [],
    isExposed: namespace => namespaces.size === 0 || namespaces.has(namespace),
  }
}

/** A name that the zone itself needs, so a zone too long to have it is a broken contract. */
export function childOf(zone: WireName, ...labels: readonly string[]): WireName {
  const name = nameFromLabels(labels, zone)
  if (!name) throw new RangeError(`Cannot serve a zone of ${zone.length} bytes: no room for names`)
  return name
}

function parseZone(text: string): WireName {
  const name = parseName(text)
  if (!name) throw new RangeError(`Cannot serve zone "${text}": not a legal name`)
  return lowerCaseName(name)
}
