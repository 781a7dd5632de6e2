import type { EdnsOption } from './edns.ts'
import { classIn, Flag2, Flag3, headerBytes, readUint16, readUint32 } from './header.ts'
import { NameReader } from './name-reader.ts'
import { readRdata } from './rdata-reader.ts'
import type { ResourceRecord } from './resource-record.ts'
import { RrType } from './rr-type.ts'
import type { WireName } from './wire-name.ts'

interface UpstreamQuestion {
  /** In the spelling of the reply. */
  readonly name: WireName
  readonly type: number
  readonly class: number
}

/** What a reply says of EDNS. The version is not judged. */
interface UpstreamOpt {
  readonly payloadBytes: number
  readonly version: number
  readonly dnssecOk: boolean
  readonly options: readonly EdnsOption[]
}

/** A reply with names in full and letter case kept. Nothing in it shares memory with the message. */
export interface UpstreamReply {
  readonly id: number
  readonly qr: boolean
  readonly opcode: number
  readonly aa: boolean
  readonly tc: boolean
  readonly rd: boolean
  readonly ra: boolean
  readonly ad: boolean
  readonly cd: boolean
  /** With the upper bits of the OPT. */
  readonly rcode: number
  readonly question: UpstreamQuestion | undefined
  readonly answers: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  /** Without the OPT. */
  readonly additional: readonly ResourceRecord[]
  readonly opt: UpstreamOpt | undefined
}

/** The least a question and a record can be: the root as name, no data. */
const leastQuestionBytes = 5
const leastRecordBytes = 11

/** Types of questions, which no record has: IXFR, AXFR, MAILB, MAILA, ANY. RFC 1035 §3.2.3. */
const firstQuestionType = 251
const lastQuestionType = 255

/**
 * Reads a message from an upstream server. `undefined` when any part of it is malformed, because what follows a wrong length
 * cannot be trusted: counts beyond the bytes, names that do not end, data that is not what its type asks for, records of another
 * class than the question's, a second OPT or one in the wrong place. Bytes behind the last record are ignored. Never throws; the
 * work is bounded by the length and by NameReader. Whether it is a reply, and to what, is `isReplyTo`'s matter.
 * RFC 1035 §4.1, RFC 3597 §4, RFC 6891 §6.1.
 */
export function readReply(bytes: Uint8Array, length: number): UpstreamReply | undefined {
  if (length < headerBytes || length > bytes.length) return undefined
  const questions = readUint16(bytes, 4)
  const counts = [readUint16(bytes, 6), readUint16(bytes, 8), readUint16(bytes, 10)] as const
  const records = counts[0] + counts[1] + counts[2]
  const least = questions * leastQuestionBytes + records * leastRecordBytes
  if (questions > 1 || headerBytes + least > length) return undefined

  // No Buffer from here on: its slice() does not copy.
  const message = new RecordReader(new Uint8Array(bytes.buffer, bytes.byteOffset, length))
  const question = questions === 1 ? message.readQuestion() : undefined
  if (questions === 1 && !question) return undefined
  const answers = message.readSection(counts[0])
  const authority = answers && message.readSection(counts[1])
  // An OPT that was met before the last section is one in the wrong place.
  if (!authority || message.opt) return undefined
  const additional = message.readSection(counts[2])
  if (!additional) return undefined

  const flags2 = bytes[2]!
  const flags3 = bytes[3]!
  return {
    id: readUint16(bytes, 0),
    qr: (flags2 & Flag2.qr) !== 0,
    opcode: (flags2 & Flag2.opcode) >>> 3,
    aa: (flags2 & Flag2.aa) !== 0,
    tc: (flags2 & Flag2.tc) !== 0,
    rd: (flags2 & Flag2.rd) !== 0,
    ra: (flags3 & Flag3.ra) !== 0,
    ad: (flags3 & Flag3.ad) !== 0,
    cd: (flags3 & Flag3.cd) !== 0,
    rcode: (message.extendedRcode << 4) | (flags3 & Flag3.rcode),
    question,
    answers,
    authority,
    additional,
    opt: message.opt,
  }
}

/** Steps through the question and the records of one message. */
class RecordReader {
  opt: UpstreamOpt | undefined
  extendedRcode = 0
  readonly #bytes: Uint8Array
  readonly #names: NameReader
  #at = headerBytes
  #class = classIn

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#names = new NameReader(bytes)
  }

  readQuestion(): UpstreamQuestion | undefined {
    const name = this.#names.read(this.#at, this.#bytes.length, 'forbidden')
    if (!name) return undefined
    const fixed = this.#names.end
    if (fixed + 4 > this.#bytes.length) return undefined
    this.#at = fixed + 4
    this.#class = readUint16(this.#bytes, fixed + 2)
    return { name, type: readUint16(this.#bytes, fixed), class: this.#class }
  }

  readSection(count: number): ResourceRecord[] | undefined {
    const records: ResourceRecord[] = []
    for (let left = count; left > 0; left--) {
      const name = this.#names.read(this.#at, this.#bytes.length, 'allowed')
      if (!name) return undefined
      const fixed = this.#names.end
      if (fixed + 10 > this.#bytes.length) return undefined
      const end = fixed + 10 + readUint16(this.#bytes, fixed + 8)
      if (end > this.#bytes.length) return undefined
      this.#at = end
      const type = readUint16(this.#bytes, fixed)
      if (type === RrType.opt) {
        if (this.opt || name.length > 1 || !this.#readOpt(fixed, end)) return undefined
        continue
      }
      const record = this.#readRecord(name, fixed, end)
      if (!record) return undefined
      records.push(record)
    }
    return records
  }

  #readRecord(name: WireName, fixed: number, end: number): ResourceRecord | undefined {
    const bytes = this.#bytes
    const type = readUint16(bytes, fixed)
    if (type === 0 || (type >= firstQuestionType && type <= lastQuestionType)) return undefined
    if (readUint16(bytes, fixed + 2) !== this.#class) return undefined
    const start = fixed + 10
    // An address of another class is something else: CHAOS has a name and a number there, RFC 1035 §3.4.
    const isForeign = type === RrType.a && this.#class !== classIn
    const rdata = isForeign
      ? bytes.slice(start, end)
      : readRdata(bytes, this.#names, { type, start, end })
    if (!rdata) return undefined
    const ttl = readUint32(bytes, fixed + 4)
    // The top bit is never set by who knows what a TTL is, RFC 2181 §8.
    return { name, type, ttlSeconds: ttl > 0x7fffffff ? 0 : ttl, rdata }
  }

  /** False when the options do not fill the data. */
  #readOpt(fixed: number, end: number): boolean {
    const bytes = this.#bytes
    const options: EdnsOption[] = []
    let at = fixed + 10
    while (at + 4 <= end) {
      const next = at + 4 + readUint16(bytes, at + 2)
      options.push({ code: readUint16(bytes, at), data: bytes.slice(at + 4, next) })
      at = next
    }
    this.extendedRcode = bytes[fixed + 4]!
    this.opt = {
      payloadBytes: readUint16(bytes, fixed + 2),
      version: bytes[fixed + 5]!,
      dnssecOk: (bytes[fixed + 6]! & 0x80) !== 0,
      options,
    }
    return at === end
  }
}
