/** The text of an expression, read from left to right. Throws SyntaxError where it ends too early. */
export class Re2Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  get next(): string | undefined {
    return this.#text[this.#at]
  }

  startsWith(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.#at)
  }

  take(prefix: string): boolean {
    if (!this.startsWith(prefix)) return false
    this.#at += prefix.length
    return true
  }

  /** The next character, which must be there. */
  takeOne(): string {
    const char = this.#text[this.#at++]
    if (char === undefined) throw new SyntaxError('it ends too early')
    return char
  }

  /** A sticky match of `pattern` at this place. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(pattern.source, 'y')
    sticky.lastIndex = this.#at
    const match = sticky.exec(this.#text)
    if (match) this.#at = sticky.lastIndex
    return match ?? undefined
  }

  /** What stands before `end`, which is passed; all the rest when it does not come. */
  takeUntil(end: string): string {
    const found = this.#text.indexOf(end, this.#at)
    const content = this.#text.slice(this.#at, found < 0 ? undefined : found)
    this.#at = found < 0 ? this.#text.length : found + end.length
    return content
  }
}
