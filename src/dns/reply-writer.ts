import { optBytes, writeOpt } from './edns.ts'
import { classIn, Flag2, Flag3, headerBytes, writeUint16, writeUint32 } from './header.ts'
import type { QueryScan } from './query-scan.ts'
import type { ResourceRecord } from './resource-record.ts'

/** The records of a reply, section by section. */
export interface ReplyRecords {
  readonly answers: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
}

export const noRecords: ReplyRecords = { answers: [], authority: [], additional: [] }

/** The header bits and the room of a reply. */
export interface ReplyFrame {
  readonly rcode: number
  readonly authoritative: boolean
  readonly recursionAvailable: boolean
  readonly limitBytes: number
}

/**
 * Writes a whole reply to the scanned `query` into `reply` and returns its length. Owner names are compressed
 * against the question; whole records are left out from the end until the reply fits, with TC when one of the answer or
 * authority section was. RFC 1035 §4.1.4, RFC 2181 §9.
 */
export function writeReply(
  { bytes: query, scan }: { readonly bytes: Uint8Array; readonly scan: QueryScan },
  records: ReplyRecords,
  { reply, frame }: { readonly reply: Uint8Array; readonly frame: ReplyFrame },
): number {
  const start = scan.questionEnd
  reply.set(query.subarray(0, start))
  reply[2] = Flag2.qr | (query[2]! & Flag2.rd) | (frame.authoritative ? Flag2.aa : 0)
  reply[3] =
    (query[3]! & Flag3.cd) | (frame.recursionAvailable ? Flag3.ra : 0) | (frame.rcode & Flag3.rcode)
  writeUint16(reply, 1, 4)
  const limit = frame.limitBytes - (scan.hasOpt ? optBytes : 0)
  let at = start
  let isCut = false
  const sections = [records.answers, records.authority, records.additional]
  for (const [position, section] of sections.entries()) {
    let count = 0
    for (const record of section) {
      const end = isCut ? 0 : writeRecord(reply, record, { at, limit, scan })
      if (end === 0) {
        isCut = true
        if (position < 2) reply[2] |= Flag2.tc
        break
      }
      at = end
      count++
    }
    writeUint16(reply, position === 2 && scan.hasOpt ? count + 1 : count, 6 + position * 2)
  }
  if (!scan.hasOpt) return at
  return writeOpt(reply, at, { extendedRcode: frame.rcode >>> 4, dnssecOk: scan.dnssecOk })
}

/**
 * An error reply. With a header alone where the question could not be read (FORMERR, NOTIMP), so that it is never
 * larger than what caused it.
 */
export function writeError(
  query: Uint8Array,
  reply: Uint8Array,
  { rcode, scan }: { readonly rcode: number; readonly scan?: QueryScan },
): number {
  if (scan) {
    const frame = { rcode, authoritative: false, recursionAvailable: false, limitBytes: 512 }
    return writeReply({ bytes: query, scan }, noRecords, { reply, frame })
  }
  reply.fill(0, 0, headerBytes)
  reply[0] = query[0]!
  reply[1] = query[1]!
  reply[2] = Flag2.qr | (query[2]! & (Flag2.opcode | Flag2.rd))
  reply[3] = (query[3]! & Flag3.cd) | rcode
  return headerBytes
}

/** Returns the offset behind the record, or 0 when it would pass `limit`. */
function writeRecord(
  reply: Uint8Array,
  record: ResourceRecord,
  { at, limit, scan }: { at: number; limit: number; scan: QueryScan },
): number {
  const inQuestion = offsetInQuestion(record.name, scan)
  const kept =
    inQuestion < 0 ? record.name.length : record.name.length - (scan.nameBytes - inQuestion)
  const ownerBytes = inQuestion < 0 ? kept : kept + 2
  const end = at + ownerBytes + 10 + record.rdata.length
  if (end > limit) return 0
  reply.set(record.name.subarray(0, kept), at)
  if (inQuestion >= 0) writeUint16(reply, 0xc000 | (headerBytes + inQuestion), at + kept)
  const fixed = at + ownerBytes
  writeUint16(reply, record.type, fixed)
  writeUint16(reply, classIn, fixed + 2)
  writeUint32(reply, record.ttlSeconds, fixed + 4)
  writeUint16(reply, record.rdata.length, fixed + 8)
  reply.set(record.rdata, fixed + 10)
  return end
}

/** Where the longest common suffix of the name begins within the question's name; −1 when only the root is common. */
function offsetInQuestion(name: Uint8Array, scan: QueryScan): number {
  for (let at = 0; at < name.length - 1; at += name[at]! + 1) {
    const length = name.length - at
    let inQuestion = 0
    while (scan.nameBytes - inQuestion > length) inQuestion += scan.name[inQuestion]! + 1
    if (scan.nameBytes - inQuestion !== length) continue
    let i = 0
    while (i < length && name[at + i] === scan.name[inQuestion + i]) i++
    if (i === length) return inQuestion
  }
  return -1
}
