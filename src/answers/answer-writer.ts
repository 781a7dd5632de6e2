import { hashName } from '../dns/name-hash.ts'
import type { WireName } from '../dns/wire-name.ts'
import { AnswerIndex } from './answer-index.ts'
import { Arena, type ArenaOptions } from './arena.ts'
import type { AnswerSink, CompiledAnswer, CompiledZone } from './compiled-answer.ts'
import { alignUp, endingNumbers, Entry, entryBytes, Head, Rec, readerWord } from './layout.ts'
import { ZoneListWriter } from './zone-list.ts'

/**
 * The one writer of an AnswerTable (layout.ts), in the control thread. Every change is visible to readers
 * when the call returns; call {@link endBatch} after a group of changes so that memory comes back.
 */
export class AnswerWriter implements AnswerSink {
  readonly #arena: Arena
  readonly #index: AnswerIndex
  readonly #zones: ZoneListWriter

  constructor(options?: ArenaOptions) {
    this.#arena = new Arena(options)
    this.#index = new AnswerIndex(this.#arena)
    this.#zones = new ZoneListWriter(this.#arena)
  }

  /** What readers are made from; can be sent to other threads. */
  get buffer(): SharedArrayBuffer {
    return this.#arena.buffer
  }

  /** Names that exist, empty ones and ancestors included. */
  get size(): number {
    return this.#index.size
  }

  get usedBytes(): number {
    return this.#arena.usedBytes
  }

  get touchedBytes(): number {
    return this.#arena.touchedBytes
  }

  put(name: WireName, answers: readonly CompiledAnswer[]): void {
    const hash = hashName(name)
    const before = this.#index.lookup(name, hash)
    if (before !== 0) {
      if (!this.#holds(before, answers))
        this.#replace(before, { name, hash, answers, explicit: true })
      return
    }
    this.#adopt(name, 0)
    this.#index.insert(hash, this.#write({ name, hash, answers, explicit: true }, 0))
  }

  delete(name: WireName): void {
    const hash = hashName(name)
    const record = this.#index.lookup(name, hash)
    if (record === 0 || this.#arena.bytes[record + Rec.explicit] === 0) return
    if (this.#arena.u32[(record + Rec.children) >> 2]! > 0) {
      this.#replace(record, { name, hash, answers: [], explicit: false })
    } else {
      this.#remove(name, 0, { hash, record })
    }
  }

  setZones(zones: readonly CompiledZone[]): void {
    this.#zones.write(zones)
  }

  /** From now on a name that is not in the table does not exist. */
  markComplete(): void {
    Atomics.store(this.#arena.words, Head.state, 1)
  }

  endBatch(): void {
    this.#arena.advanceEpoch()
  }

  /** Forgets a reader whose thread has died in the middle of an answer. */
  releaseReader(reader: number): void {
    Atomics.store(this.#arena.words, readerWord(reader), 0)
  }

  /** Counts the new name at `start` in its parent, and makes the parent an empty name if it did not exist. */
  #adopt(name: WireName, start: number): void {
    const parent = this.#parentStart(name, start)
    if (parent < 0) return
    const hash = hashName(name, parent)
    let record = this.#index.lookup(name, hash, parent)
    if (record === 0) {
      this.#adopt(name, parent)
      record = this.#write({ name: name.subarray(parent), hash, answers: [], explicit: false }, 0)
      this.#index.insert(hash, record)
    }
    this.#arena.u32[(record + Rec.children) >> 2]!++
  }

  #remove(name: WireName, start: number, { hash, record }: { hash: number; record: number }): void {
    this.#index.remove(hash, record)
    this.#arena.retire(record, this.#arena.u32[(record + Rec.block) >> 2]!)
    const parent = this.#parentStart(name, start)
    if (parent < 0) return
    const parentHash = hashName(name, parent)
    const parentRecord = this.#index.lookup(name, parentHash, parent)
    const children = (parentRecord + Rec.children) >> 2
    this.#arena.u32[children]!--
    if (this.#arena.u32[children] === 0 && this.#arena.bytes[parentRecord + Rec.explicit] === 0) {
      this.#remove(name, parent, { hash: parentHash, record: parentRecord })
    }
  }

  /** Where the parent of the name at `start` begins; −1 for a zone's apex and for the root. */
  #parentStart(name: WireName, start: number): number {
    return name[start] === 0 || this.#zones.isApex(name, start) ? -1 : start + name[start]! + 1
  }

  #replace(before: number, record: NewRecord): void {
    const children = this.#arena.u32[(before + Rec.children) >> 2]!
    this.#index.replace(record.hash, before, this.#write(record, children))
    this.#arena.retire(before, this.#arena.u32[(before + Rec.block) >> 2]!)
  }

  #write({ name, hash, answers, explicit }: NewRecord, children: number): number {
    const entries = Rec.name + alignUp(name.length, 4)
    let size = entries + answers.length * entryBytes
    for (const answer of answers) size += answer.bytes.length
    const block = this.#arena.allocate(size)
    const { bytes, u16, u32, words } = this.#arena
    const record = block.offset
    words[(record + Rec.hash) >> 2] = hash
    bytes[record + Rec.answers] = answers.length
    bytes[record + Rec.explicit] = explicit ? 1 : 0
    u16[(record + Rec.nameBytes) >> 1] = name.length
    u32[(record + Rec.children) >> 2] = children
    u32[(record + Rec.block) >> 2] = block.size
    bytes.set(name, record + Rec.name)
    let at = record + entries + answers.length * entryBytes
    for (const [position, answer] of answers.entries()) {
      const entry = record + entries + position * entryBytes
      u16[(entry + Entry.type) >> 1] = answer.type
      bytes[entry + Entry.rcode] = answer.rcode
      bytes[entry + Entry.ending] = endingNumbers[answer.ending]
      u16[(entry + Entry.answerCount) >> 1] = answer.answerCount
      u16[(entry + Entry.additionalCount) >> 1] = answer.additionalCount
      u16[(entry + Entry.rotationOffset) >> 1] = answer.rotation.offset
      u16[(entry + Entry.rotationCount) >> 1] = answer.rotation.count
      u16[(entry + Entry.rotationStride) >> 1] = answer.rotation.stride
      u16[(entry + Entry.byteLength) >> 1] = answer.bytes.length
      u32[(entry + Entry.bytes) >> 2] = at - record
      bytes.set(answer.bytes, at)
      at += answer.bytes.length
    }
    return record
  }

  /** True when a put would change nothing, so that unchanged names cost no memory traffic. */
  #holds(record: number, answers: readonly CompiledAnswer[]): boolean {
    const { bytes, u16, u32 } = this.#arena
    if (bytes[record + Rec.explicit] === 0 || bytes[record + Rec.answers] !== answers.length)
      return false
    const entries = record + Rec.name + alignUp(u16[(record + Rec.nameBytes) >> 1]!, 4)
    return answers.every((answer, position) => {
      const entry = entries + position * entryBytes
      if (
        u16[(entry + Entry.type) >> 1] !== answer.type ||
        bytes[entry + Entry.rcode] !== answer.rcode ||
        bytes[entry + Entry.ending] !== endingNumbers[answer.ending] ||
        u16[(entry + Entry.answerCount) >> 1] !== answer.answerCount ||
        u16[(entry + Entry.rotationCount) >> 1] !== answer.rotation.count ||
        u16[(entry + Entry.byteLength) >> 1] !== answer.bytes.length
      ) {
        return false
      }
      const start = record + u32[(entry + Entry.bytes) >> 2]!
      return answer.bytes.every((byte, i) => bytes[start + i] === byte)
    })
  }
}

interface NewRecord {
  readonly name: WireName
  readonly hash: number
  readonly answers: readonly CompiledAnswer[]
  readonly explicit: boolean
}
