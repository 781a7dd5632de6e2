import type { ScannedName } from '../answers/answer-reader.ts'
import { isInZone, type WireName } from '../dns/wire-name.ts'

/** True when a scanned name is in one of the zones, which are lower case. Allocates nothing, for the fast path. */
export function isScanIn(
  { name, nameBytes }: Pick<ScannedName, 'name' | 'nameBytes'>,
  zones: readonly WireName[],
): boolean {
  for (let i = 0; i < zones.length; i++) if (isInZone(name, zones[i]!, nameBytes)) return true
  return false
}
