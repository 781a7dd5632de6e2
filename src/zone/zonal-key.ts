/*
 * Names by topology zone, as CoreDNS has them with `zonal`: below a headless Service `ZONE.pin._zone` for its endpoints in
 * that zone, `ZONE.prefer._zone` for these or, where there are none, for all. A zone may have dots.
 */

export const zoneLabel = '_zone'
export const zoneDirectives = ['pin', 'prefer'] as const

type ZoneDirective = (typeof zoneDirectives)[number]

/** True for what stands in front of the Service's own name in a name by zone, or in the name above those. */
export function isZonalKey(key: string): boolean {
  return key.endsWith(`.${zoneLabel}`)
}

/** The directive of a name by zone; `undefined` when it is none, or names no zone. */
export function zonalDirectiveOf(key: string): ZoneDirective | undefined {
  return zoneDirectives.find(directive => key.endsWith(`.${directive}.${zoneLabel}`))
}
