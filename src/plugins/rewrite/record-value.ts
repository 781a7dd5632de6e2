import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import type { WireName } from '../../dns/wire-name.ts'

const naptrType = 35

/** Where the name that a record leads to begins in its data; of an SOA, the first one. */
const valueOffsets: ReadonlyMap<number, number> = new Map([
  [RrType.ns, 0],
  [RrType.cname, 0],
  [RrType.soa, 0],
  [RrType.ptr, 0],
  [RrType.dname, 0],
  [RrType.mx, 2],
  [RrType.srv, 6],
])

/** The name that a record leads to; `undefined` for types without one. */
export function valueOf(record: ResourceRecord): WireName | undefined {
  const start = valueStart(record)
  return start === undefined
    ? undefined
    : record.rdata.subarray(start, nameEnd(record.rdata, start))
}

/** The record with another name to lead to. */
export function withValue(record: ResourceRecord, value: WireName): ResourceRecord {
  const start = valueStart(record)!
  const { rdata } = record
  const rest = rdata.subarray(nameEnd(rdata, start))
  const changed = new Uint8Array(start + value.length + rest.length)
  changed.set(rdata.subarray(0, start))
  changed.set(value, start)
  changed.set(rest, start + value.length)
  return { ...record, rdata: changed }
}

function valueStart({ type, rdata }: ResourceRecord): number | undefined {
  if (type !== naptrType) return valueOffsets.get(type)
  let at = 4
  // Flags, service and expression stand before the replacement, RFC 3403 §4.1.
  for (let strings = 0; strings < 3; strings++) at += rdata[at]! + 1
  return at
}

function nameEnd(rdata: Uint8Array, start: number): number {
  let at = start
  while (rdata[at]! > 0) at += rdata[at]! + 1
  return at + 1
}
