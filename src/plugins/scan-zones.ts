import type { ScannedName } from '../answers/answer-reader.ts'
import type { WireName } from '../dns/wire-name.ts'

/** True when a scanned name is in one of the zones, which are lower case. Allocates nothing, for the fast path. */
export function isScanIn(
  { name, nameBytes }: Pick<ScannedName, 'name' | 'nameBytes'>,
  zones: readonly WireName[],
): boolean {
  for (let i = 0; i < zones.length; i++) if (isScanInZone(name, nameBytes, zones[i]!)) return true
  return false
}

function isScanInZone(name: Uint8Array, nameBytes: number, zone: WireName): boolean {
  const start = nameBytes - zone.length
  if (start < 0) return false
  for (let i = 0; i < zone.length; i++) if (zone[i] !== name[start + i]) return false
  let at = 0
  while (at < start) at += name[at]! + 1
  return at === start
}
