import {
  type LabelSelector,
  matchesSelector,
  parseLabelSelector,
} from '../objects/label-selector.ts'
import type { Namespace } from '../objects/namespace.ts'
import { lowerCaseName, nameFromLabels, parseName, type WireName } from '../dns/wire-name.ts'

/** How `a-b-c-d.namespace.pod.zone` names are answered. */
type PodMode = 'disabled' | 'insecure' | 'verified'

export interface ClusterZoneOptions {
  /** `cluster.local` when not given. PTR records lead to names in this one. */
  readonly zone?: string
  /** More zones with the same names. */
  readonly furtherZones?: readonly string[]
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
  /** A label selector: only namespaces that it matches are shown. */
  readonly namespaceLabels?: string
  /** A label selector: Services, slices and pods that it does not match are as if they were not there. */
  readonly labels?: string
  /** Slices are as if they were not there. */
  readonly noEndpoints?: boolean
  /** Names of headless Services by the zones that their endpoints are in. */
  readonly zonal?: boolean
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
  readonly zonal: boolean
  readonly localAddresses: readonly string[]
  isExposed(namespace: Namespace): boolean
}

/**
 * A frame for each forward zone. The first is the primary one: the reverse zones belong to it. Throws a RangeError for a
 * zone that is no legal name and for a label selector that is none.
 */
export function resolveOptions(options: ClusterZoneOptions): readonly [ZoneFrame, ...ZoneFrame[]] {
  const reverseApexes = (options.reverseZones ?? ['in-addr.arpa', 'ip6.arpa']).map(parseZone)
  return [
    resolveFrame(parseZone(options.zone ?? 'cluster.local'), options, reverseApexes),
    ...(options.furtherZones ?? []).map(zone => resolveFrame(parseZone(zone), options, [])),
  ]
}

/** Reads a selector that was checked where it came from. */
export function resolveSelector(text: string): LabelSelector {
  const parsed = parseLabelSelector(text)
  if ('selector' in parsed) return parsed.selector
  throw new RangeError(`Cannot select by "${text}": ${parsed.error}`)
}

function resolveFrame(
  apex: WireName,
  options: ClusterZoneOptions,
  reverseApexes: readonly WireName[],
): ZoneFrame {
  const namespaces = new Set(options.namespaces)
  const selector = resolveSelector(options.namespaceLabels ?? '')
  return {
    apex,
    reverseApexes,
    services: childOf(apex, 'svc'),
    pods: childOf(apex, 'pod'),
    ttlSeconds: options.ttlSeconds ?? 5,
    podMode: options.pods ?? 'disabled',
    endpointPodNames: options.endpointPodNames ?? false,
    ignoreEmptyService: options.ignoreEmptyService ?? false,
    zonal: options.zonal ?? false,
    localAddresses: options.localAddresses ?? [],
    isExposed: ({ name, labels }) =>
      (namespaces.size === 0 || namespaces.has(name)) && matchesSelector(selector, labels),
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
