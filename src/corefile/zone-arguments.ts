import type { Argument } from './argument.ts'
import { parseZoneName, parseZoneNames } from './zone-names.ts'

/** A domain name, given in lower case with the final dot. */
export const zoneName: Argument<string> = {
  expected: 'a domain name like example.org',
  parse: parseZoneName,
}

/** A zone, or a CIDR that stands for its reverse zones. */
export const zoneNames: Argument<readonly string[]> = {
  expected: 'a zone like example.org or a network like 10.0.0.0/24',
  parse: parseZoneNames,
}
