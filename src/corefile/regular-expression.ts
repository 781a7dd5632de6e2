import type { Argument } from './argument.ts'
import { Re2Translator } from './re2-translator.ts'

/**
 * A regular expression as Go's `regexp` reads it (RE2, Perl flavour), made into one of JavaScript that
 * matches the same in ASCII text. It has no flags, and but for `$` under `(?m)` no look-around: V8 can
 * then run it in linear time where `--enable-experimental-regexp-engine-on-excessive-backtracks` is
 * given. Go always does, so patterns exist that would never end without.
 */
export const regularExpression: Argument<RegExp> = {
  expected: 'a regular expression',
  parse(text) {
    const result = translate(text)
    return typeof result === 'string' ? undefined : result
  },
  explain(text) {
    const result = translate(text)
    return typeof result === 'string' ? result : undefined
  },
}

/** The expression, or why it is none. */
function translate(text: string): RegExp | string {
  try {
    return new RegExp(new Re2Translator(text).translate())
  } catch (error) {
    // The operator reads the reason behind the place.
    if (error instanceof SyntaxError) return error.message
    /* c8 ignore next 2 -- a fault of ours, none is known */
    throw error
  }
}
