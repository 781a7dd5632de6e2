import type { Arena } from './arena.ts'
import { Head, Rec, slotDeleted, slotFree } from './layout.ts'

const initialCapacity = 1024

/**
 * The writer's side of the open-addressing index: slots of (hash, record), at most 60 % of them in use or
 * deleted. It grows into a new block while readers go on in the old one.
 */
export class AnswerIndex {
  readonly #arena: Arena
  #block = { offset: 0, size: 0 }
  #capacity = 0
  #live = 0
  #deleted = 0

  constructor(arena: Arena) {
    this.#arena = arena
    this.#rebuild(initialCapacity)
  }

  /** Names in the table. */
  get size(): number {
    return this.#live
  }

  /** The record of the name that begins at `start` of `name`, or 0. `hash` is that of the part. */
  lookup(name: Uint8Array, hash: number, start = 0): number {
    const { words, bytes, u16 } = this.#arena
    const length = name.length - start
    for (let position = hash; ; position++) {
      const slot = this.#slotAt(position)
      const record = words[slot + 1]!
      if (record === slotFree) return 0
      if (record === slotDeleted || words[slot] !== hash) continue
      if (u16[(record + Rec.nameBytes) >> 1] !== length) continue
      let i = 0
      while (i < length && bytes[record + Rec.name + i] === name[start + i]) i++
      if (i === length) return record
    }
  }

  insert(hash: number, record: number): void {
    if ((this.#live + this.#deleted + 1) * 5 > this.#capacity * 3) {
      this.#rebuild(this.#live * 5 > this.#capacity * 2 ? this.#capacity * 2 : this.#capacity)
    }
    const { words } = this.#arena
    for (let position = hash; ; position++) {
      const slot = this.#slotAt(position)
      const state = words[slot + 1]!
      if (state !== slotFree && state !== slotDeleted) continue
      if (state === slotDeleted) this.#deleted--
      words[slot] = hash
      Atomics.store(words, slot + 1, record)
      this.#live++
      return
    }
  }

  /** Makes the slot of `before`, which must be in the index, lead to `after`. */
  replace(hash: number, before: number, after: number): void {
    Atomics.store(this.#arena.words, this.#slotOfRecord(hash, before) + 1, after)
  }

  remove(hash: number, record: number): void {
    Atomics.store(this.#arena.words, this.#slotOfRecord(hash, record) + 1, slotDeleted)
    this.#live--
    this.#deleted++
  }

  #slotOfRecord(hash: number, record: number): number {
    const { words } = this.#arena
    for (let position = hash; ; position++) {
      const slot = this.#slotAt(position)
      if (words[slot + 1] === record) return slot
      if (words[slot + 1] === slotFree)
        throw new TypeError('Cannot find the record: not in the index')
    }
  }

  #slotAt(position: number): number {
    return (this.#block.offset >> 2) + 2 + ((position & (this.#capacity - 1)) << 1)
  }

  #rebuild(capacity: number): void {
    const before = { ...this.#block, capacity: this.#capacity }
    const after = this.#arena.allocate(8 + capacity * 8)
    const { words } = this.#arena
    const start = after.offset >> 2
    words.fill(0, start, start + 2 + capacity * 2)
    words[start] = capacity
    for (let i = 0; i < before.capacity; i++) {
      const old = (before.offset >> 2) + 2 + i * 2
      const record = words[old + 1]!
      if (record === slotFree || record === slotDeleted) continue
      let position = words[old]!
      while (words[start + 2 + ((position & (capacity - 1)) << 1) + 1] !== slotFree) position++
      const slot = start + 2 + ((position & (capacity - 1)) << 1)
      words[slot] = words[old]!
      words[slot + 1] = record
    }
    this.#block = after
    this.#capacity = capacity
    this.#deleted = 0
    Atomics.store(words, Head.index, after.offset)
    if (before.size === 0) return
    this.#arena.retire(before.offset, before.size)
    // At once, so that a large first load can go on where the outgrown index was.
    this.#arena.advanceEpoch()
  }
}
