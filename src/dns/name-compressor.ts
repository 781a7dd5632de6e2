import { emptyNameHash, extendNameHash, finishNameHash } from './name-hash.ts'
import { headerBytes, writeUint16 } from './header.ts'
import { lowerCaseByte, type WireName } from './wire-name.ts'

/** The first offset that a pointer cannot reach: it has 14 bits. RFC 1035 §4.1.4. */
const pointerLimit = 0x4000

const minSlots = 64
const maxSlots = 4096
/** Names of one record with their suffixes, roughly: a slot for each, and as many free. */
const slotsPerRecord = 16
/** Slots that are looked at for a name. Beyond, it goes uncompressed: a crowded table costs bytes, never time. */
const maxProbes = 8

/** Two names: different, alike in any letter case, alike where the one is lower case, the same. */
const Likeness = { none: 0, anyCase: 1, lowerCase: 2, same: 3 } as const

/**
 * Writes names into one message and points at those that stand in it already. A table of hashes finds a name or the longest end
 * of it, so that the work is linear in the bytes of the names. Names keep their letter case (RFC 1035 §2.3.3), save what the
 * question has: the name that was asked for, and lower-case ends of it, have the letter case of the question.
 *
 *     slot   0      1      2      3
 *          +------+------+------+------+--
 *          |  12  |   0  |  16  |  24  |     offset of a name or of an end of one, by its hash; 0 is free
 *          +------+------+------+------+--
 */
export class NameCompressor {
  readonly #message: Uint8Array
  readonly #slots: Uint16Array
  /** Where the labels of the name at hand begin, and the hashes of what begins there. */
  readonly #starts: number[] = []
  readonly #hashes: number[] = []
  /** The name object that was written last and where a pointer finds it: the owners of an rrset are often one object. */
  #lastName: WireName | undefined
  #lastTarget = 0
  #questionEnd = 0

  /** For a message of about `recordCount` records. */
  constructor(message: Uint8Array, recordCount: number) {
    let slots = minSlots
    while (slots < maxSlots && slots < recordCount * slotsPerRecord) slots *= 2
    this.#message = message
    this.#slots = new Uint16Array(slots)
  }

  /** Makes a name that stands at `offset` in the message, uncompressed, one to point at. Behind the header it is the question's. */
  add(name: WireName, offset: number): void {
    if (offset === headerBytes) this.#questionEnd = offset + name.length
    this.#split(name)
    for (let i = 0; i < this.#starts.length; i++) {
      // Whatever a known name ends in is known too.
      const known = this.#find(this.#hashes[i]!, name, this.#starts[i]!)
      if (known > 0 && this.#likeness(known, name, this.#starts[i]!) === Likeness.same) return
      this.#insert(this.#hashes[i]!, offset + this.#starts[i]!)
    }
  }

  /** Writes the name at `offset` and returns the offset behind it, or 0 where it would pass `limit`. */
  write(name: WireName, offset: number, limit: number): number {
    if (name === this.#lastName && offset + 2 <= limit) {
      writeUint16(this.#message, 0xc000 | this.#lastTarget, offset)
      return offset + 2
    }
    this.#split(name)
    const starts = this.#starts
    let position = 0
    let target = 0
    while (position < starts.length && target === 0) {
      target = this.#find(this.#hashes[position]!, name, starts[position]!)
      if (target === 0) position++
    }
    const kept = target === 0 ? name.length : starts[position]!
    const end = offset + kept + (target === 0 ? 0 : 2)
    if (end > limit) return 0
    this.#message.set(name.subarray(0, kept), offset)
    if (target > 0) writeUint16(this.#message, 0xc000 | target, offset + kept)
    for (let i = 0; i < position; i++) this.#insert(this.#hashes[i]!, offset + starts[i]!)
    const whole = position === 0 ? target : offset
    this.#lastName = whole > 0 && whole < pointerLimit ? name : undefined
    this.#lastTarget = whole
    return end
  }

  /** Hashes every end of the name from the right, so that each byte is hashed once. */
  #split(name: WireName): void {
    const starts = this.#starts
    starts.length = 0
    for (let at = 0; name[at]! > 0; at += name[at]! + 1) starts.push(at)
    let hash = emptyNameHash
    for (let i = starts.length - 1; i >= 0; i--) {
      const start = starts[i]!
      for (let at = start + name[start]!; at >= start; at--) {
        hash = extendNameHash(hash, lowerCaseByte(name[at]!))
      }
      this.#hashes[i] = finishNameHash(hash)
    }
  }

  /** The offset of what the name has from `start` on, in its own letter case if there is a choice; 0 when it is nowhere. */
  #find(hash: number, name: WireName, start: number): number {
    const mask = this.#slots.length - 1
    let inQuestion = 0
    for (let probe = 0; probe < maxProbes; probe++) {
      const offset = this.#slots[(hash + probe) & mask]!
      if (offset === 0) break
      const likeness = this.#likeness(offset, name, start)
      if (likeness === Likeness.same) return offset
      if (offset >= this.#questionEnd) continue
      const isWhole = offset === headerBytes && start === 0
      if (likeness >= (isWhole ? Likeness.anyCase : Likeness.lowerCase)) inQuestion = offset
    }
    return inQuestion
  }

  #insert(hash: number, offset: number): void {
    if (offset >= pointerLimit) return
    const mask = this.#slots.length - 1
    for (let probe = 0; probe < maxProbes; probe++) {
      const slot = (hash + probe) & mask
      if (this.#slots[slot] !== 0) continue
      this.#slots[slot] = offset
      return
    }
  }

  /** How like what the message has at `offset` the name is from `start` on. The message is of our own making, so every name there ends. */
  #likeness(offset: number, name: WireName, start: number): number {
    const message = this.#message
    let likeness: number = Likeness.same
    let there = offset
    let at = start
    do {
      while (message[there]! >= 0xc0) there = ((message[there]! & 0x3f) << 8) | message[there + 1]!
      const next = at + 1 + name[at]!
      for (; at < next; at++, there++) {
        const byte = name[at]!
        if (byte === message[there]) continue
        const other = lowerCaseByte(message[there]!)
        if (byte === other) likeness = Math.min(likeness, Likeness.lowerCase)
        else if (lowerCaseByte(byte) === other) likeness = Likeness.anyCase
        else return Likeness.none
      }
    } while (at < name.length)
    return likeness
  }
}
