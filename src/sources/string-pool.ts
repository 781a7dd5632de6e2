/**
 * One copy of each text, in memory of its own. V8 cuts strings out of the text they were parsed from
 * and so keeps all of that text alive; and the same names come again in thousands of objects.
 */
export class StringPool {
  readonly #texts = new Map<string, string>()

  /** A copy of a reduced object that holds on to nothing it was parsed from. */
  detach<T>(value: T): T {
    return this.#copy(value) as T
  }

  #copy(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
    if (Array.isArray(value)) return value.map(item => this.#copy(item))
    // Labels have no prototype, so that no key of theirs can mean anything.
    const copy = Object.create(Object.getPrototypeOf(value) as object | null) as object
    for (const [key, field] of Object.entries(value))
      (copy as Record<string, unknown>)[key] = this.#copy(field)
    return copy
  }

  #text(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const own = Buffer.from(text).toString()
    this.#texts.set(own, own)
    return own
  }
}
