const emptyList: readonly unknown[] = Object.freeze([])

/**
 * One copy of each text, in memory of its own, and of each list of ports. V8 cuts strings out of the text they were
 * parsed from and so keeps all of that text alive; and the same names and ports come again in thousands of objects.
 */
export class StringPool {
  readonly #texts = new Map<string, string>()
  /** By their JSON. */
  readonly #ports = new Map<string, unknown>()

  /**
   * Replaces every text in a freshly reduced object, so that it holds on to nothing it was parsed from. In place: a
   * copy made field by field costs V8 twice the memory of the literal it was made as. Arrays are copied all the same:
   * one that was filtered or pushed to has room for 17.
   */
  detach<T>(value: T): T {
    return this.#replace(value) as T
  }

  #replace(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
    if (Array.isArray(value))
      return value.length === 0 ? emptyList : value.map(item => this.#replace(item))
    const fields = value as Record<string, unknown>
    for (const key of Object.keys(fields))
      fields[key] = key === 'ports' ? this.#portList(fields[key]) : this.#replace(fields[key])
    return value
  }

  #text(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const own = Buffer.from(text).toString()
    this.#texts.set(own, own)
    return own
  }

  #portList(ports: unknown): unknown {
    const key = JSON.stringify(ports)
    const known = this.#ports.get(key)
    if (known !== undefined) return known
    const own = this.#replace(ports)
    this.#ports.set(key, own)
    return own
  }
}
