/**
 * A run of numbers in two bands. The static band is left for values that people choose; the
 * dynamic band is used first for values that the pool chooses. KEP-3070.
 *
 *     first                 first + staticSize                      first + size - 1
 *     | static band ........| dynamic band ........................|
 */
export interface BandedRange {
  readonly first: bigint
  readonly size: bigint
  readonly staticSize: bigint
}

/** Numbers that are left for who asks for them: never chosen, and taken like any other. */
export interface NumberRun {
  readonly first: bigint
  readonly size: bigint
}

/** How full a band is. Sizes beyond 2^53 are rounded. */
interface BandUsage {
  readonly taken: number
  readonly size: number
}

export interface RangeUsage {
  readonly static: BandUsage
  readonly dynamic: BandUsage
}

/** Why a pool does not give out the number that was asked for. */
export type Refusal = 'taken' | 'outside'

/** Numbers of one block are skipped together once all are taken. */
const BLOCK_BITS = 8n
const BLOCK_SIZE = 1 << Number(BLOCK_BITS)

/**
 * Which numbers of some ranges are taken, and by whom. Costs memory only for what is taken, so a
 * range may be a /64. Ranges may overlap: a number has one owner, whichever range it was taken from.
 */
export class NumberPool {
  readonly #ranges: readonly BandedRange[]
  readonly #reserved: readonly NumberRun[]
  readonly #taken: readonly { static: number; dynamic: number }[]
  readonly #owners = new Map<bigint, string>()
  readonly #takenPerBlock = new Map<bigint, number>()
  /** Owners that were restored with a number that another one already had. */
  readonly #waiting = new Map<bigint, string[]>()

  constructor(ranges: readonly BandedRange[], reserved: readonly NumberRun[] = []) {
    this.#ranges = ranges
    this.#reserved = reserved
    this.#taken = ranges.map(() => ({ static: 0, dynamic: 0 }))
  }

  ownerOf(value: bigint): string | undefined {
    return this.#owners.get(value)
  }

  /** Takes exactly this number, of either band: bands are a preference, never a check. */
  take(value: bigint, owner: string): Refusal | undefined {
    if (!this.#ranges.some(range => contains(range, value))) return 'outside'
    if (this.#owners.has(value)) return 'taken'
    this.#owners.set(value, owner)
    this.#count(value, 1)
    return undefined
  }

  /**
   * Takes the free number nearest after the place that `hash` has in the dynamic band, with wrap;
   * then the same in the static band; then in the next range. `undefined` when all are full.
   */
  takeNext(hash: number, owner: string): bigint | undefined {
    for (const { first, size, staticSize } of this.#ranges) {
      const value =
        this.#firstFree(first + staticSize, size - staticSize, hash) ??
        this.#firstFree(first, staticSize, hash)
      if (value === undefined) continue
      this.take(value, owner)
      return value
    }
    return undefined
  }

  /**
   * Takes a number that `owner` is already known to use. When another has it, that one keeps it, and
   * `owner` inherits it on release, so that a number in use is never given to a third.
   */
  restore(value: bigint, owner: string): Refusal | undefined {
    const refusal = this.take(value, owner)
    if (refusal !== 'taken') return refusal
    if (this.#owners.get(value) === owner) return undefined
    const waiting = this.#waiting.get(value)
    if (waiting) waiting.push(owner)
    else this.#waiting.set(value, [owner])
    return 'taken'
  }

  /** Gives a number back. Does nothing when `owner` does not have it. */
  release(value: bigint, owner: string): void {
    const waiting = this.#waiting.get(value)
    if (this.#owners.get(value) !== owner) {
      if (waiting?.includes(owner)) waiting.splice(waiting.indexOf(owner), 1)
      return
    }
    const heir = waiting?.shift()
    if (heir === undefined) {
      this.#owners.delete(value)
      this.#count(value, -1)
    } else {
      this.#owners.set(value, heir)
    }
  }

  /** The band of a number in the first range that has it. */
  bandOf(value: bigint): 'static' | 'dynamic' | undefined {
    const range = this.#ranges.find(one => contains(one, value))
    return range && bandIn(range, value)
  }

  /** How full each range is, in the order given. */
  usage(): RangeUsage[] {
    return this.#ranges.map(({ size, staticSize }, index) => ({
      static: { taken: this.#taken[index]!.static, size: Number(staticSize) },
      dynamic: { taken: this.#taken[index]!.dynamic, size: Number(size - staticSize) },
    }))
  }

  #firstFree(first: bigint, size: bigint, hash: number): bigint | undefined {
    if (size <= 0n) return undefined
    const start = first + (BigInt(hash) % size)
    return this.#scan(start, first + size) ?? this.#scan(first, start)
  }

  #scan(from: bigint, end: bigint): bigint | undefined {
    let value = from
    while (value < end) {
      const block = value >> BLOCK_BITS
      const run = this.#reservedRun(value)
      if (run) value = run.first + run.size
      else if (this.#takenPerBlock.get(block) === BLOCK_SIZE) value = (block + 1n) << BLOCK_BITS
      else if (this.#owners.has(value)) value++
      else return value
    }
    return undefined
  }

  #reservedRun(value: bigint): NumberRun | undefined {
    return this.#reserved.find(run => contains(run, value))
  }

  #count(value: bigint, change: 1 | -1): void {
    const block = value >> BLOCK_BITS
    const inBlock = (this.#takenPerBlock.get(block) ?? 0) + change
    if (inBlock === 0) this.#takenPerBlock.delete(block)
    else this.#takenPerBlock.set(block, inBlock)
    for (const [index, range] of this.#ranges.entries()) {
      if (!contains(range, value)) continue
      this.#taken[index]![bandIn(range, value)] += change
    }
  }
}

function bandIn(range: BandedRange, value: bigint): 'static' | 'dynamic' {
  return value < range.first + range.staticSize ? 'static' : 'dynamic'
}

function contains({ first, size }: NumberRun, value: bigint): boolean {
  return value >= first && value < first + size
}
