import type { Argument } from '../../corefile/argument.ts'
import type { Directive } from '../../corefile/directive.ts'
import { durationMs } from '../../corefile/duration-arguments.ts'
import { regularExpression } from '../../corefile/regular-expression.ts'
import { oneOf } from '../../corefile/text-arguments.ts'
import type { BlockPlace } from '../plugin.ts'

/** Where a line goes; `none` for debug lines in a block without `debug`. */
export type ErrorLevel = 'error' | 'warn' | 'info' | 'none'

/** Errors that are counted and told together. */
export interface Consolidation {
  readonly periodMs: number
  /** As written. */
  readonly pattern: string
  readonly expression: RegExp
  readonly level: ErrorLevel
  /** The first of a period is told at once. */
  readonly showFirst: boolean
}

export interface ErrorsSettings {
  /** The first one that fits an error counts it. */
  readonly consolidations: readonly Consolidation[]
}

const pattern: Argument<Pick<Consolidation, 'pattern' | 'expression'>> = {
  expected: regularExpression.expected,
  parse(word) {
    const expression = regularExpression.parse(word)
    return expression && { pattern: word, expression }
  },
  explain: word => regularExpression.explain?.(word),
}

/** Reads `errors [stdout] { stacktrace; consolidate DURATION REGEXP [LEVEL] [show_first] }`. */
export function readErrors(directive: Directive, { plugins }: BlockPlace): ErrorsSettings {
  directive.optional(oneOf('stdout'))
  const levels: Readonly<Record<string, ErrorLevel>> = {
    error: 'error',
    warning: 'warn',
    info: 'info',
    debug: plugins.has('debug') ? 'info' : 'none',
  }
  const consolidations: Consolidation[] = []
  directive.block({
    // Faults of the program are always logged with their stack.
    stacktrace: () => {},
    consolidate: line => {
      const periodMs = line.one(durationMs)
      const expression = line.one(pattern)
      const words = line.rest(oneOf('warning', 'error', 'info', 'debug', 'show_first'))
      const showFirst = words.at(-1) === 'show_first'
      const [level = 'error', ...more] = showFirst ? words.slice(0, -1) : words
      if (more.length > 0 || level === 'show_first') {
        throw line.fail('expected at most one level, then show_first')
      }
      consolidations.push({ periodMs, ...expression, level: levels[level]!, showFirst })
    },
  })
  return { consolidations }
}
