import { alignUp, blockAlignment, firstBlock, Head, maxReaders, readerWord } from './layout.ts'

export interface ArenaOptions {
  /** How far the table may grow; address space is reserved for it, memory is not. */
  readonly maxBytes?: number
}

const defaultMaxBytes = 1 << 30
const initialBytes = 1 << 20
/** Freed blocks up to this many alignments larger than asked for are split instead of growing. */
const splitSearchSteps = 64
/** Freed blocks of this size, an outgrown index say, are cut up for whatever comes. */
const largeBytes = 64 << 10
/** A batch that replaces everything must not need room for all of it twice. */
const retiredPerEpoch = 1024

/**
 * The writer's memory: blocks out of a growable SharedArrayBuffer, handed out by exact size first. A freed
 * block comes back only when no reader is left in an epoch that could still see it.
 */
export class Arena {
  readonly buffer: SharedArrayBuffer
  /** Views of the whole buffer; replaced when it grows, so never keep them across an allocation. */
  bytes: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  words: Int32Array
  #top = firstBlock
  #freeBytes = 0
  readonly #free = new Map<number, number[]>()
  #large: { offset: number; size: number }[] = []
  #retired: { offset: number; size: number; epoch: number }[] = []
  /** Of the present epoch. */
  #retiredCount = 0

  constructor({ maxBytes = defaultMaxBytes }: ArenaOptions = {}) {
    this.buffer = new SharedArrayBuffer(Math.min(initialBytes, maxBytes), {
      maxByteLength: maxBytes,
    })
    this.bytes = new Uint8Array(0)
    this.u16 = new Uint16Array(0)
    this.u32 = new Uint32Array(0)
    this.words = new Int32Array(0)
    this.#view()
    this.words[Head.epoch] = 1
  }

  /** Bytes in blocks that are in use or wait for readers to leave. */
  get usedBytes(): number {
    return this.#top - firstBlock - this.#freeBytes
  }

  /** Bytes from the start of the buffer that have ever been touched: what the table costs in memory. */
  get touchedBytes(): number {
    return this.#top
  }

  /** A block of at least `size` bytes with undefined contents; returns offset and true size. */
  allocate(size: number): { offset: number; size: number } {
    const rounded = blockSize(size)
    const offset = this.#reuse(rounded) ?? this.#extend(rounded)
    return { offset, size: rounded }
  }

  /** Gives a block back once every reader that may have seen it has left. */
  retire(offset: number, size: number): void {
    this.#retired.push({ offset, size, epoch: this.words[Head.epoch]! })
    if (++this.#retiredCount >= retiredPerEpoch) this.advanceEpoch()
  }

  /** Ends an epoch: what was retired before it is free as soon as its last reader has gone. */
  advanceEpoch(): void {
    if (this.#retired.length === 0) return
    this.#retiredCount = 0
    Atomics.add(this.words, Head.epoch, 1)
    const oldest = this.#oldestReaderEpoch()
    let kept = 0
    for (const block of this.#retired) {
      if (block.epoch < oldest) this.#release(block.offset, block.size)
      else this.#retired[kept++] = block
    }
    this.#retired.length = kept
  }

  #reuse(size: number): number | undefined {
    const exact = this.#free.get(size)?.pop()
    if (exact !== undefined) return this.#take({ offset: exact, size }, size)
    const position = this.#large.findLastIndex(block => block.size >= size)
    if (position >= 0) return this.#take(this.#large.splice(position, 1)[0]!, size)
    // Looking for a block to split costs more than a new one: only when an eighth of everything lies idle.
    if (this.#freeBytes * 8 < this.#top) return undefined
    for (let step = 1; step <= splitSearchSteps; step++) {
      const whole = size + step * blockAlignment
      const offset = this.#free.get(whole)?.pop()
      if (offset !== undefined) return this.#take({ offset, size: whole }, size)
    }
    return undefined
  }

  /** The first `size` bytes of a free block; the rest is free again. */
  #take(block: { offset: number; size: number }, size: number): number {
    this.#freeBytes -= block.size
    if (block.size > size) this.#release(block.offset + size, block.size - size)
    return block.offset
  }

  #release(offset: number, size: number): void {
    this.#freeBytes += size
    const list = this.#free.get(size)
    if (size >= largeBytes) this.#large.push({ offset, size })
    else if (list) list.push(offset)
    else this.#free.set(size, [offset])
  }

  #extend(size: number): number {
    const offset = this.#top
    const end = offset + size
    if (end > this.buffer.byteLength) {
      if (end > this.buffer.maxByteLength) {
        throw new RangeError(
          `Cannot grow the answer table to ${end} bytes: its limit is ${this.buffer.maxByteLength}`,
        )
      }
      const grown = Math.max(
        end,
        this.buffer.byteLength + Math.max(initialBytes, this.buffer.byteLength >> 2),
      )
      this.buffer.grow(Math.min(alignUp(grown, 4096), this.buffer.maxByteLength))
      this.#view()
    }
    this.#top = end
    return offset
  }

  #oldestReaderEpoch(): number {
    let oldest = Number.POSITIVE_INFINITY
    for (let reader = 0; reader < maxReaders; reader++) {
      const epoch = Atomics.load(this.words, readerWord(reader))
      if (epoch !== 0 && epoch < oldest) oldest = epoch
    }
    return oldest
  }

  /** Views are made with an explicit length: V8 reads ones that follow the buffer's length far slower. */
  #view(): void {
    const length = this.buffer.byteLength
    this.bytes = new Uint8Array(this.buffer, 0, length)
    this.u16 = new Uint16Array(this.buffer, 0, length >> 1)
    this.u32 = new Uint32Array(this.buffer, 0, length >> 2)
    this.words = new Int32Array(this.buffer, 0, length >> 2)
    Atomics.store(this.words, Head.size, length)
  }
}

/** Large blocks are rounded to an eighth of their size, so that a growing answer can be stored in a former one. */
function blockSize(size: number): number {
  const rounded = alignUp(size, blockAlignment)
  if (rounded <= 1024) return rounded
  const step = 1 << (31 - Math.clz32(rounded) - 3)
  return alignUp(rounded, step)
}
