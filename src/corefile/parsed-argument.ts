import type { Argument } from './argument.ts'

interface Parser<T> {
  /** Behind "expected" in messages: `a regular expression`. */
  readonly expected: string
  /** Throws a `refusal` that says why a word is not of this kind. */
  readonly parse: (text: string) => T
  readonly refusal: abstract new (...words: never[]) => Error
}

/** An argument in a language of its own: what its parser says stands behind `expected …` in the CorefileError. */
export function parsedArgument<T>({ expected, parse, refusal }: Parser<T>): Argument<T> {
  const attempt = (text: string): { readonly value: T } | { readonly reason: string } => {
    try {
      return { value: parse(text) }
    } catch (error) {
      // The operator reads the reason behind the place. Anything else is a fault of ours.
      if (error instanceof refusal) return { reason: error.message }
      throw error
    }
  }
  return {
    expected,
    parse(text) {
      const attempted = attempt(text)
      return 'value' in attempted ? attempted.value : undefined
    },
    explain(text) {
      const attempted = attempt(text)
      return 'reason' in attempted ? attempted.reason : undefined
    },
  }
}
