import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import { isInZone, lowerCaseName, renderName, type WireName } from '../../dns/wire-name.ts'

/** The records of one name by type; none for an empty name above others. */
export type NameRecords = ReadonlyMap<number, readonly ResourceRecord[]>

/** The records of one zone, read and in order. Never changed once made. */
export interface ZoneData {
  readonly apex: WireName
  readonly soa: ResourceRecord
  /** In the order of the file. */
  readonly records: readonly ResourceRecord[]
  /** By name as text in lower case; names above others are there, up to the apex. */
  readonly names: ReadonlyMap<string, NameRecords>
}

/** Puts records in order; says what is wrong where they are no zone. Records outside the zone are left out, as RFC 1035 §5.2 asks. */
export function makeZone(
  apex: WireName,
  all: readonly ResourceRecord[],
): ZoneData | { readonly error: string } {
  const names = new Map<string, Map<number, ResourceRecord[]>>()
  const records = all.filter(({ name }) => isInZone(lowerCaseName(name), apex))
  for (const record of records) {
    const types = nameAt(names, lowerCaseName(record.name), apex)
    const known = types.get(record.type)
    if (known) known.push(record)
    else types.set(record.type, [record])
  }
  const soas = names.get(renderName(apex))?.get(RrType.soa) ?? []
  const [soa] = soas
  const zone = renderName(apex)
  if (!soa || soas.length > 1)
    return { error: `zone ${zone} has ${soas.length} SOA records, not one` }
  for (const [name, types] of names) {
    const aliases = types.get(RrType.cname)?.length ?? 0
    const others = [...types.keys()].filter(type => type !== RrType.cname && !signing.has(type))
    if (aliases > 1 || (aliases === 1 && others.length > 0)) {
      return { error: `${name} has a CNAME and another record: RFC 1034 §3.6.2` }
    }
  }
  return { apex, soa, records, names }
}

/** RRSIG and NSEC stand beside a CNAME. RFC 4035 §2.5. */
const signing: ReadonlySet<number> = new Set([RrType.rrsig, 47])

function nameAt(
  names: Map<string, Map<number, ResourceRecord[]>>,
  name: WireName,
  apex: WireName,
): Map<number, ResourceRecord[]> {
  const text = renderName(name)
  const known = names.get(text)
  if (known) return known
  const types = new Map<number, ResourceRecord[]>()
  names.set(text, types)
  if (name.length > apex.length) nameAt(names, parentOf(name), apex)
  return types
}

export function parentOf(name: WireName): WireName {
  return name.subarray(name[0]! + 1)
}
