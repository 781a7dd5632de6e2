import type { Argument } from './argument.ts'
import { CorefileError, type Place } from './corefile-error.ts'
import type { DirectiveText, Word } from './corefile.ts'

/**
 * A line of the Corefile as its plugin reads it, from left to right. Everything wrong is thrown as a
 * `CorefileError` that names the line. What is read last must be `block` or `end`.
 */
export class Directive {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly #text: DirectiveText
  /** `cache` or, for a line of its block, `cache success`. */
  readonly #label: string
  #nextWord = 0
  #blockIsRead = false

  constructor(text: DirectiveText, parentLabel?: string) {
    this.name = text.name
    this.file = text.file
    this.line = text.line
    this.#text = text
    this.#label = parentLabel === undefined ? text.name : `${parentLabel} ${text.name}`
  }

  /** The next word, which must be there. */
  one<T>(argument: Argument<T>): T {
    const word = this.#take()
    if (!word) throw this.fail(`expected ${argument.expected} at the end of the line`)
    return this.#parse(argument, word)
  }

  /** The next word if there is one. */
  optional<T>(argument: Argument<T>): T | undefined {
    const word = this.#take()
    return word && this.#parse(argument, word)
  }

  /** All words left. */
  rest<T>(argument: Argument<T>): T[] {
    const values: T[] = []
    for (let word = this.#take(); word; word = this.#take()) {
      values.push(this.#parse(argument, word))
    }
    return values
  }

  /** The next word, not yet read. */
  peek(): string | undefined {
    return this.#text.words[this.#nextWord]?.text
  }

  /**
   * Checks that no word is left over, then gives each line of the block to the handler of its name, or to
   * `otherwise` where no name fits. A handler must read its line whole. Without a block nothing happens.
   */
  block(
    properties: Readonly<Record<string, (line: Directive) => void>>,
    otherwise?: (line: Directive) => void,
  ): void {
    this.#endWords()
    for (const text of this.#text.lines ?? []) {
      const handle = Object.hasOwn(properties, text.name) ? properties[text.name] : otherwise
      if (!handle) throw this.#unknownProperty(text, Object.keys(properties))
      const line = new Directive(text, this.#label)
      handle(line)
      line.#endLine()
    }
    this.#blockIsRead = true
  }

  /** Checks that no word is left over, and that there is no block. */
  end(): void {
    this.#endWords()
    if (this.#text.lines) throw this.fail('takes no { } block')
  }

  /** An error at this line, to be thrown. */
  fail(message: string): CorefileError {
    return this.#failAt(this, message)
  }

  #endLine(): void {
    if (this.#blockIsRead) return
    this.end()
  }

  #take(): Word | undefined {
    return this.#text.words[this.#nextWord++]
  }

  #parse<T>(argument: Argument<T>, word: Word): T {
    const value = argument.parse(word.text)
    if (value !== undefined) return value
    const reason = argument.explain?.(word.text)
    const message = `expected ${argument.expected}, not ${JSON.stringify(word.text)}`
    throw this.#failAt(word, reason === undefined ? message : `${message}: ${reason}`)
  }

  #endWords(): void {
    const word = this.#text.words[this.#nextWord]
    if (word) throw this.#failAt(word, `too many arguments: ${JSON.stringify(word.text)}`)
  }

  #unknownProperty(text: DirectiveText, known: string[]): CorefileError {
    const list = known.length === 0 ? 'there are none' : `known are ${known.sort().join(', ')}`
    return new CorefileError(text, `${text.name} is not a property of ${this.#label}: ${list}`)
  }

  #failAt(place: Place, message: string): CorefileError {
    return new CorefileError(place, `${this.#label}: ${message}`)
  }
}
