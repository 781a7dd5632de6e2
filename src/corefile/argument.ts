/** A kind of word that a directive takes. */
export interface Argument<T> {
  /** Behind "expected" in messages: `a duration like 30s`. */
  readonly expected: string
  /** `undefined` when the word is not of this kind. */
  parse(text: string): T | undefined
  /** Why a word is not of this kind, where `expected` does not tell. */
  explain?(text: string): string | undefined
}
