import type { ClusterZoneOptions } from './cluster-zone-options.ts'

/** What of a `kubernetes` directive the zone is made by, in the directive's own words. */
export interface ZoneSettings {
  /** The forward zones; the first one is the target of PTR records. */
  readonly zones: readonly string[]
  readonly reverseZones: readonly string[]
  readonly ttlSeconds: number
  readonly pods: 'disabled' | 'insecure' | 'verified'
  readonly endpointPodNames: boolean
  readonly ignoreEmptyService: boolean
  readonly noEndpoints: boolean
  readonly zonal: boolean
  readonly namespaces: readonly string[]
  readonly namespaceLabels: string | undefined
  readonly labels: string | undefined
}

/** The options of the zone that a directive asks for, on a server with these addresses. */
export function zoneOptionsOf(
  settings: ZoneSettings,
  localAddresses: readonly string[],
): ClusterZoneOptions {
  const { zones, reverseZones, ttlSeconds, pods, namespaceLabels, labels } = settings
  const { endpointPodNames, ignoreEmptyService, noEndpoints, zonal, namespaces } = settings
  const [zone, ...furtherZones] = zones
  return {
    ...(zone !== undefined && { zone }),
    furtherZones,
    reverseZones,
    ttlSeconds,
    pods,
    endpointPodNames,
    ignoreEmptyService,
    noEndpoints,
    zonal,
    namespaces,
    ...(namespaceLabels !== undefined && { namespaceLabels }),
    ...(labels !== undefined && { labels }),
    localAddresses,
  }
}
