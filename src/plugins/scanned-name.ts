import type { ScannedName } from '../answers/answer-reader.ts'
import { hashName } from '../dns/name-hash.ts'
import type { WireName } from '../dns/wire-name.ts'

/** A name as readers of tables take it. */
export function scannedName(name: WireName): ScannedName {
  return { name, nameBytes: name.length, nameHash: hashName(name) }
}
