import { CorefileError, type Place } from './corefile-error.ts'
import type { Token } from './tokens.ts'

/** A place in the tokens of one file or snippet. */
export class TokenCursor {
  readonly #tokens: readonly Token[]
  /** Where the file begins, for errors in an empty one. */
  readonly #start: Place
  #at = 0

  constructor(tokens: readonly Token[], start: Place) {
    this.#tokens = tokens
    this.#start = start
  }

  /** The next token, left where it is; `undefined` at the end. */
  peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  /** The next token if it continues the line: not on a new one, and no brace. */
  nextOfLine(): Token | undefined {
    const token = this.peek()
    if (!token || token.startsLine || isBrace(token)) return undefined
    return this.next()
  }

  /** Takes the next token if it is that brace. */
  takeBrace(brace: '{' | '}'): Token | undefined {
    const token = this.peek()
    return token && isBrace(token) && token.text === brace ? this.next() : undefined
  }

  /** The tokens up to the brace that closes `open`, which is taken too. */
  takeBlock(open: Token): readonly Token[] {
    const start = this.#at
    let depth = 1
    for (let token = this.next(); token; token = this.next()) {
      if (isBrace(token)) depth += token.text === '{' ? 1 : -1
      if (depth === 0) return this.#tokens.slice(start, this.#at - 1)
    }
    throw this.unclosed(open)
  }

  /** The end came before the block that begins at `open` was closed. */
  unclosed(open: Place): CorefileError {
    return new CorefileError(
      this.#tokens.at(-1) ?? this.#start,
      `expected "}" before the end of the file: the block of line ${open.line} is open`,
    )
  }
}

export function isBrace({ text, quoted }: Token): boolean {
  return !quoted && (text === '{' || text === '}')
}
