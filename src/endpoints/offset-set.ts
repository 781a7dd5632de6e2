const PAGE_BITS = 1 << 15

/** A set of small whole numbers, one bit each, in pages of 4 KiB that are made when first needed. */
export class OffsetSet {
  readonly #pages: (Uint32Array | undefined)[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  has(offset: number): boolean {
    const page = this.#pages[Math.floor(offset / PAGE_BITS)]
    return page !== undefined && (page[wordOf(offset)]! & maskOf(offset)) !== 0
  }

  /** True when it was not there yet. */
  add(offset: number): boolean {
    if (this.has(offset)) return false
    const page = (this.#pages[Math.floor(offset / PAGE_BITS)] ??= new Uint32Array(PAGE_BITS / 32))
    page[wordOf(offset)]! |= maskOf(offset)
    this.#count++
    return true
  }

  /** True when it was there. */
  delete(offset: number): boolean {
    if (!this.has(offset)) return false
    const page = this.#pages[Math.floor(offset / PAGE_BITS)]!
    page[wordOf(offset)]! &= ~maskOf(offset)
    this.#count--
    return true
  }
}

function wordOf(offset: number): number {
  return (offset % PAGE_BITS) >>> 5
}

function maskOf(offset: number): number {
  return 1 << (offset & 31)
}
