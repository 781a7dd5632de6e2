import { readUint16, readUint32, writeUint16, writeUint32 } from '../../dns/header.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { isSameName, type WireName } from '../../dns/wire-name.ts'

/** Bytes of a record beside its owner and its data. */
const fixedBytes = 9

/**
 * Records in one array, because an array of its own for each name and each data takes several times as much memory as they do:
 *
 *     | owner, or nothing where it is the question's | bytes of it u8 | type u16 | TTL u32 | bytes of data u16 | data | …
 *
 * A name has at most 255 bytes, so that its length fits a byte, in which 0 stands for the question's name.
 */
export function packRecords(records: readonly ResourceRecord[], question: WireName): Uint8Array {
  const owners = records.map(({ name }) => (isSameName(name, question) ? undefined : name))
  let length = 0
  for (const [i, { rdata }] of records.entries()) {
    length += fixedBytes + (owners[i]?.length ?? 0) + rdata.length
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const [i, { type, ttlSeconds, rdata }] of records.entries()) {
    const owner = owners[i]
    bytes[at] = owner?.length ?? 0
    writeUint16(bytes, type, at + 1)
    writeUint32(bytes, ttlSeconds, at + 3)
    writeUint16(bytes, rdata.length, at + 7)
    at += fixedBytes
    if (owner) bytes.set(owner, at)
    at += owner?.length ?? 0
    bytes.set(rdata, at)
    at += rdata.length
  }
  return bytes
}

/** The records again; names and data lie in the packed bytes. */
export function unpackRecords(
  bytes: Uint8Array,
  question: WireName,
  ttlOf: (ttlSeconds: number) => number,
): ResourceRecord[] {
  const records: ResourceRecord[] = []
  for (let at = 0; at < bytes.length;) {
    const ownerBytes = bytes[at]!
    const start = at + fixedBytes + ownerBytes
    const end = start + readUint16(bytes, at + 7)
    records.push({
      name: ownerBytes === 0 ? question : bytes.subarray(at + fixedBytes, start),
      type: readUint16(bytes, at + 1),
      ttlSeconds: ttlOf(readUint32(bytes, at + 3)),
      rdata: bytes.subarray(start, end),
    })
    at = end
  }
  return records
}
