import type { Argument } from './argument.ts'

/** Any word. */
export const text: Argument<string> = { expected: 'a word', parse: word => word }

/** One of a few words, in any letter case; given as it is spelled here. */
export function oneOf<const T extends string>(...values: readonly T[]): Argument<T> {
  return {
    expected: values.length === 1 ? `"${values[0]}"` : `one of ${values.join(', ')}`,
    parse: word => values.find(value => value.toLowerCase() === word.toLowerCase()),
  }
}
