import type { Directive } from '../corefile/directive.ts'
import { regularExpression } from '../corefile/regular-expression.ts'

/** CoreDNS's limit. */
const maxPatternLength = 10_000

/** The next word as a regular expression of a bearable length. */
export function readPattern(line: Directive): RegExp {
  if ((line.peek()?.length ?? 0) > maxPatternLength) {
    throw line.fail(`a regular expression has at most ${maxPatternLength} characters`)
  }
  return line.one(regularExpression)
}
