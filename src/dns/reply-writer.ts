import { type EdnsOption, optBytes, optionBytes, writeOpt } from './edns.ts'
import { Flag2, Flag3, headerBytes, readUint16, writeUint16, writeUint32 } from './header.ts'
import { NameCompressor } from './name-compressor.ts'
import type { QueryScan } from './query-scan.ts'
import { Rcode } from './rcode.ts'
import type { ResourceRecord } from './resource-record.ts'
import { RrType } from './rr-type.ts'

/** The records of a reply, section by section. */
export interface ReplyRecords {
  readonly answers: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
}

export const noRecords: ReplyRecords = { answers: [], authority: [], additional: [] }

/** The header bits, the EDNS options and the room of a reply. */
export interface ReplyFrame {
  /** Extended codes need an OPT: a client without EDNS gets SERVFAIL in their place. RFC 6891 §6.1.3. */
  readonly rcode: number
  readonly authoritative: boolean
  readonly recursionAvailable: boolean
  readonly authenticData?: boolean
  /** TC, whether or not a record is left out here. */
  readonly truncated?: boolean
  /** RD; that of the query when absent. */
  readonly recursionDesired?: boolean | undefined
  /** For clients with EDNS; left out where they do not fit. */
  readonly options?: readonly EdnsOption[]
  readonly limitBytes: number
}

const noOptions: readonly EdnsOption[] = []

/**
 * Writes a whole reply to the scanned `query` into `reply` and returns its length. Records are of the question's class. Names are
 * compressed; whole records are left out from the end until the reply fits, with TC when one of the answer or
 * authority section was. RFC 1035 §4.1.4, RFC 2181 §9.
 */
export function writeReply(
  { bytes: query, scan }: { readonly bytes: Uint8Array; readonly scan: QueryScan },
  records: ReplyRecords,
  { reply, frame }: { readonly reply: Uint8Array; readonly frame: ReplyFrame },
): number {
  const start = scan.questionEnd
  const rcode = scan.hasOpt || frame.rcode <= Flag3.rcode ? frame.rcode : Rcode.servFail
  reply.set(query.subarray(0, start))
  const isRecursionDesired = frame.recursionDesired ?? (query[2]! & Flag2.rd) !== 0
  reply[2] =
    Flag2.qr |
    (isRecursionDesired ? Flag2.rd : 0) |
    (frame.authoritative ? Flag2.aa : 0) |
    (frame.truncated ? Flag2.tc : 0)
  reply[3] =
    (query[3]! & Flag3.cd) |
    (frame.recursionAvailable ? Flag3.ra : 0) |
    (frame.authenticData ? Flag3.ad : 0) |
    (rcode & Flag3.rcode)
  writeUint16(reply, 1, 4)
  const options = optionsThatFit(frame, start, scan)
  const limit = frame.limitBytes - (scan.hasOpt ? optBytes + optionBytes(options) : 0)
  const sections = [records.answers, records.authority, records.additional]
  const recordCount = sections.reduce((sum, section) => sum + section.length, 0)
  const room: Room = {
    limit,
    names: new NameCompressor(reply, recordCount),
    recordClass: readUint16(query, start - 2),
  }
  if (recordCount > 0) room.names.add(scan.name.subarray(0, scan.nameBytes), headerBytes)
  let at = start
  let isCut = false
  for (const [position, section] of sections.entries()) {
    let count = 0
    for (const record of section) {
      const end = isCut ? 0 : writeRecord(record, at, { reply, room })
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
  return writeOpt(reply, at, { extendedRcode: rcode >>> 4, dnssecOk: scan.dnssecOk, options })
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

/** What the records of a reply share. */
interface Room {
  readonly limit: number
  readonly names: NameCompressor
  readonly recordClass: number
}

function optionsThatFit(
  { options = noOptions, limitBytes }: ReplyFrame,
  start: number,
  { hasOpt }: QueryScan,
): readonly EdnsOption[] {
  return hasOpt && start + optBytes + optionBytes(options) <= limitBytes ? options : noOptions
}

/** Returns the offset behind the record, or 0 when it would pass the limit. */
function writeRecord(
  record: ResourceRecord,
  at: number,
  { reply, room }: { readonly reply: Uint8Array; readonly room: Room },
): number {
  const fixed = room.names.write(record.name, at, room.limit)
  if (fixed === 0 || fixed + 10 > room.limit) return 0
  const start = fixed + 10
  const end = writeRdata(record, start, { reply, room })
  if (end === 0) return 0
  writeUint16(reply, record.type, fixed)
  writeUint16(reply, room.recordClass, fixed + 2)
  writeUint32(reply, record.ttlSeconds, fixed + 4)
  writeUint16(reply, end - start, fixed + 8)
  return end
}

/** Where names stand in data that may be compressed: behind how many bytes, and how many. RFC 3597 §4. */
const compressedNames: ReadonlyMap<number, { readonly before: number; readonly count: number }> =
  new Map([
    [RrType.ns, { before: 0, count: 1 }],
    [RrType.cname, { before: 0, count: 1 }],
    [RrType.ptr, { before: 0, count: 1 }],
    [RrType.mx, { before: 2, count: 1 }],
    [RrType.soa, { before: 0, count: 2 }],
  ])

/** Behind priority, weight and port. RFC 2782. */
const srvTargetOffset = 6

/** Returns the offset behind the data, or 0 when it would pass the limit. */
function writeRdata(
  { type, rdata }: ResourceRecord,
  start: number,
  { reply, room }: { readonly reply: Uint8Array; readonly room: Room },
): number {
  const { before, count } = compressedNames.get(type) ?? { before: rdata.length, count: 0 }
  if (start + before > room.limit) return 0
  reply.set(rdata.subarray(0, before), start)
  let at = start + before
  let read = before
  for (let left = count; left > 0; left--) {
    let nameEnd = read
    while (rdata[nameEnd]! > 0) nameEnd += rdata[nameEnd]! + 1
    nameEnd++
    at = room.names.write(rdata.subarray(read, nameEnd), at, room.limit)
    if (at === 0) return 0
    read = nameEnd
  }
  const end = at + rdata.length - read
  if (end > room.limit) return 0
  reply.set(rdata.subarray(read), at)
  // Never compressed itself (RFC 2782), but the addresses that come with it point at it.
  if (type === RrType.srv) room.names.add(rdata.subarray(srvTargetOffset), start + srvTargetOffset)
  return end
}
