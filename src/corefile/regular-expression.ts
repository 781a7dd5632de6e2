import type { Argument } from './argument.ts'
import { parsedArgument } from './parsed-argument.ts'
import { Re2Translator } from './re2-translator.ts'

/**
 * A regular expression as Go's `regexp` reads it (RE2, Perl flavour), made into one of JavaScript that
 * matches the same in ASCII text. It has no flags, and but for `$` under `(?m)` no look-around: V8 can
 * then run it in linear time where `--enable-experimental-regexp-engine-on-excessive-backtracks` is
 * given. Go always does, so patterns exist that would never end without.
 */
export const regularExpression: Argument<RegExp> = parsedArgument({
  expected: 'a regular expression',
  parse: text => new RegExp(new Re2Translator(text).translate()),
  refusal: SyntaxError,
})
