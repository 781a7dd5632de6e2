import type { Directive } from '../corefile/directive.ts'
import { zoneNames } from '../corefile/zone-arguments.ts'

/** The zones in the rest of a line, or others where it names none: those of the server block, or `.` behind `fallthrough`. */
export function readZones(line: Directive, otherwise: readonly string[]): readonly string[] {
  const named = line.rest(zoneNames).flat()
  return named.length > 0 ? named : otherwise
}
