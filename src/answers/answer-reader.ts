import { headerBytes, readUint16, readUint32, writeUint16 } from '../dns/header.ts'
import type { ResourceRecord } from '../dns/resource-record.ts'
import { RrType } from '../dns/rr-type.ts'
import { concatBytes } from '../lib/concat-bytes.ts'
import { otherTypes } from './compiled-answer.ts'
import {
  alignUp,
  endingNumbers,
  Entry,
  entryBytes,
  Head,
  maxReaders,
  readerWord,
  Rec,
  slotDeleted,
  slotFree,
  zoneHeadBytes,
} from './layout.ts'

/**
 * `found` an answer, `empty` (the name exists, the type does not), `missing` (in one of the zones, but no such
 * name), `outside` every zone.
 */
export type Lookup = 'found' | 'empty' | 'missing' | 'outside'

/** A lower-case wire name in a scratch buffer, with its hash (dns/name-hash.ts). QueryScan is one. */
export interface ScannedName {
  readonly name: Uint8Array
  readonly nameBytes: number
  readonly nameHash: number
}

/**
 * One thread's view of an AnswerTable (layout.ts): finds and copies answers while the writer goes on. Lock-free
 * and without allocation. Fields describe the last lookup and are good until `leave`.
 */
export class AnswerReader {
  rcode = 0
  negative = false
  /** The answer ends in a CNAME that leads out of the zone. */
  isOpen = false
  answerCount = 0
  additionalCount = 0
  byteLength = 0
  readonly #buffer: SharedArrayBuffer
  readonly #epochWord: number
  #bytes: Uint8Array = new Uint8Array(0)
  #u16: Uint16Array = new Uint16Array(0)
  #words: Int32Array = new Int32Array(0)
  #target: Uint8Array = this.#bytes
  #start = 0
  #rotationOffset = 0
  #rotationCount = 0
  #rotationStride = 0
  /** Offset of the zone's entry in the list, and of the zone's name within the looked-up name. */
  #zone = 0
  #zoneAt = 0

  /** `reader` is this thread's number, below 64, used by no other thread. */
  constructor(buffer: SharedArrayBuffer, reader: number) {
    if (!(reader >= 0 && reader < maxReaders)) {
      throw new RangeError(
        `Cannot read as number ${reader}: an answer table has ${maxReaders} readers`,
      )
    }
    this.#buffer = buffer
    this.#epochWord = readerWord(reader)
    this.#view()
  }

  /** True once the first full load is in the table; until then `missing` means unknown. */
  get isComplete(): boolean {
    return Atomics.load(this.#words, Head.state) !== 0
  }

  /** Starts a read: blocks seen from here on stay until {@link leave}. */
  enter(): void {
    Atomics.store(this.#words, this.#epochWord, Atomics.load(this.#words, Head.epoch))
  }

  leave(): void {
    Atomics.store(this.#words, this.#epochWord, 0)
  }

  lookup(scan: ScannedName, type: number): Lookup {
    this.rcode = 0
    this.negative = false
    this.isOpen = false
    this.answerCount = 0
    this.additionalCount = 0
    this.byteLength = 0
    const record = this.#recordOf(scan)
    if (record !== 0 && this.#select(record, type)) {
      if (this.negative) this.#findZone(scan)
      return 'found'
    }
    if (!this.#findZone(scan)) return 'outside'
    if (this.#zoneAt === 0 && type === RrType.soa) return this.#selectSoa()
    return record === 0 ? 'missing' : 'empty'
  }

  /** True when the name is in one of the zones, whether or not it exists. */
  isInZone(scan: ScannedName): boolean {
    return this.#findZone(scan)
  }

  /** True when the name is in the table, with or without answers. */
  has(scan: ScannedName): boolean {
    return this.#recordOf(scan) !== 0
  }

  /**
   * Copies the answer that was found to `target` at `offset` and returns the offset behind it. The addresses of a
   * multi-address answer begin with number `turn` modulo their count.
   */
  copyAnswer(target: Uint8Array, offset: number, turn: number): number {
    this.#target = target
    const start = this.#start
    const end = start + this.byteLength
    if (this.#rotationCount < 2) return this.#copy(start, end, offset)
    const runStart = start + this.#rotationOffset
    const runEnd = runStart + this.#rotationCount * this.#rotationStride
    const first = runStart + (turn % this.#rotationCount) * this.#rotationStride
    let at = this.#copy(start, runStart, offset)
    at = this.#copy(first, runEnd, at)
    at = this.#copy(runStart, first, at)
    return this.#copy(runEnd, end, at)
  }

  /** Bytes that {@link copySoa} will write. */
  get soaBytes(): number {
    return this.#u16[(this.#zone >> 1) + 1]!
  }

  /** Copies the SOA of the zone that the last lookup fell in; its names point at the zone within the question. */
  copySoa(target: Uint8Array, offset: number): number {
    this.#target = target
    const zone = this.#zone >> 1
    const soa = this.#zone + zoneHeadBytes + this.#u16[zone]!
    const end = this.#copy(soa, soa + this.#u16[zone + 1]!, offset)
    for (let i = this.#u16[zone + 2]! - 1; i >= 0; i--) {
      writeUint16(target, 0xc000 | (headerBytes + this.#zoneAt), offset + this.#u16[zone + 3 + i]!)
    }
    return end
  }

  /** The SOA of the zone that a name is in, its names written out; `undefined` outside every zone. */
  zoneSoa(scan: ScannedName): ResourceRecord | undefined {
    if (!this.#findZone(scan)) return undefined
    const zone = this.#zone >> 1
    const nameStart = this.#zone + zoneHeadBytes
    const name = this.#bytes.slice(nameStart, nameStart + this.#u16[zone]!)
    const start = nameStart + this.#u16[zone]!
    const parts: Uint8Array[] = []
    // Owner pointer, type, class, TTL and length: 12 bytes; the first pointer is the owner's.
    let at = start + 12
    for (let i = 1; i < this.#u16[zone + 2]!; i++) {
      const pointer = start + this.#u16[zone + 3 + i]!
      parts.push(this.#bytes.slice(at, pointer), name)
      at = pointer + 2
    }
    parts.push(this.#bytes.slice(at, start + this.#u16[zone + 1]!))
    return {
      name,
      type: readUint16(this.#bytes, start + 2),
      ttlSeconds: readUint32(this.#bytes, start + 6),
      rdata: concatBytes(parts),
    }
  }

  #recordOf({ name, nameBytes, nameHash }: ScannedName): number {
    let words = this.#words
    let index = Atomics.load(words, Head.index)
    if (Atomics.load(words, Head.size) !== this.#bytes.length) {
      this.#view()
      words = this.#words
      index = Atomics.load(words, Head.index)
    }
    const mask = words[index >> 2]! - 1
    const slots = (index >> 2) + 2
    for (let position = nameHash; ; position++) {
      const slot = slots + ((position & mask) << 1)
      const record = Atomics.load(words, slot + 1)
      if (record === slotFree) return 0
      if (record === slotDeleted || words[slot] !== nameHash) continue
      // The table may have grown for this very record: its size is raised before the record is reachable.
      if (Atomics.load(words, Head.size) !== this.#bytes.length) {
        this.#view()
        words = this.#words
      }
      if (this.#isName(record, name, nameBytes)) return record
    }
  }

  #isName(record: number, name: Uint8Array, nameBytes: number): boolean {
    if (this.#u16[(record + Rec.nameBytes) >> 1] !== nameBytes) return false
    const bytes = this.#bytes
    const start = record + Rec.name
    for (let i = 0; i < nameBytes; i++) if (bytes[start + i] !== name[i]) return false
    return true
  }

  /** Finds the answer for the type; ANY takes the first one there is (RFC 8482 §4.1). */
  #select(record: number, type: number): boolean {
    const u16 = this.#u16
    let entry = record + Rec.name + alignUp(u16[(record + Rec.nameBytes) >> 1]!, 4)
    for (let left = this.#bytes[record + Rec.answers]!; left > 0; left--) {
      const entryType = u16[entry >> 1]!
      if (entryType === type || entryType === otherTypes || type === RrType.any) {
        this.rcode = this.#bytes[entry + Entry.rcode]!
        const ending = this.#bytes[entry + Entry.ending]
        this.negative = ending === endingNumbers.negative
        this.isOpen = ending === endingNumbers.open
        this.answerCount = u16[(entry + Entry.answerCount) >> 1]!
        this.additionalCount = u16[(entry + Entry.additionalCount) >> 1]!
        this.byteLength = u16[(entry + Entry.byteLength) >> 1]!
        this.#rotationOffset = u16[(entry + Entry.rotationOffset) >> 1]!
        this.#rotationCount = u16[(entry + Entry.rotationCount) >> 1]!
        this.#rotationStride = u16[(entry + Entry.rotationStride) >> 1]!
        this.#start = record + this.#words[(entry + Entry.bytes) >> 2]!
        return true
      }
      entry += entryBytes
    }
    return false
  }

  /** The zone's SOA as the answer: it is compiled for the apex, so that it can be copied as it is. */
  #selectSoa(): 'found' {
    this.answerCount = 1
    this.byteLength = this.soaBytes
    this.#rotationCount = 0
    this.#start = this.#zone + zoneHeadBytes + this.#u16[this.#zone >> 1]!
    return 'found'
  }

  /** Finds the longest zone that the name is in. */
  #findZone({ name, nameBytes }: ScannedName): boolean {
    let list = Atomics.load(this.#words, Head.zones)
    if (Atomics.load(this.#words, Head.size) !== this.#bytes.length) {
      this.#view()
      list = Atomics.load(this.#words, Head.zones)
    }
    this.#zone = 0
    if (list === 0) return false
    let zone = list + 8
    let longest = 0
    for (let left = this.#words[list >> 2]!; left > 0; left--) {
      const zoneBytes = this.#u16[zone >> 1]!
      const at = nameBytes - zoneBytes
      if (
        zoneBytes > longest &&
        at >= 0 &&
        this.#endsWith(zone + zoneHeadBytes, name, at) &&
        isLabelStart(name, at)
      ) {
        longest = zoneBytes
        this.#zone = zone
        this.#zoneAt = at
      }
      zone += alignUp(zoneHeadBytes + zoneBytes + this.#u16[(zone >> 1) + 1]!, 2)
    }
    return this.#zone !== 0
  }

  #endsWith(zoneName: number, name: Uint8Array, at: number): boolean {
    const bytes = this.#bytes
    // From the start: zones differ in their first byte more often than in their last.
    for (let i = at, j = zoneName; ; i++, j++) {
      if (bytes[j] !== name[i]) return false
      if (name[i] === 0) return true
    }
  }

  #copy(from: number, to: number, offset: number): number {
    const bytes = this.#bytes
    const target = this.#target
    const length = to - from
    // A loop is faster than a view and a native copy up to about this length.
    if (length <= 128) {
      for (let i = 0; i < length; i++) target[offset + i] = bytes[from + i]!
    } else {
      target.set(bytes.subarray(from, to), offset)
    }
    return offset + length
  }

  #view(): void {
    const length = Atomics.load(new Int32Array(this.#buffer, 0, Head.size + 1), Head.size)
    this.#bytes = new Uint8Array(this.#buffer, 0, length)
    this.#u16 = new Uint16Array(this.#buffer, 0, length >> 1)
    this.#words = new Int32Array(this.#buffer, 0, length >> 2)
  }
}

function isLabelStart(name: Uint8Array, offset: number): boolean {
  let at = 0
  while (at < offset) at += name[at]! + 1
  return at === offset
}
