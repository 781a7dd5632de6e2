import type { Directive } from '../../corefile/directive.ts'
import { text } from '../../corefile/text-arguments.ts'
import type { Plugin } from '../plugin.ts'
import type { Expression } from './expression.ts'
import { expression } from './parse-expression.ts'

export interface ViewSettings {
  readonly name: string
  /** All must be true of a query. */
  readonly conditions: readonly Expression[]
}

/** Says which queries a server block is for, beside its zones. */
export const view: Plugin<ViewSettings> = {
  name: 'view',
  read: readView,
  viewOf: ({ name }) => name,
  serve: ([settings]) => {
    const { name, conditions } = settings!
    return {
      handle: (_query, next) => next(),
      leavesClusterAnswers: true,
      accepts: query => conditions.every(condition => condition.of(query) === true),
      metadata: () => [['view/name', () => name]],
    }
  },
}

/** Reads `view NAME { expr EXPRESSION }`. */
function readView(directive: Directive): ViewSettings {
  const name = directive.one(text)
  const conditions: Expression[] = []
  directive.block({
    expr: line => {
      const words = [line.one(text), ...line.rest(text)].join(' ')
      const condition = expression.parse(words)
      if (!condition)
        throw line.fail(`${JSON.stringify(words)}: ${expression.explain?.(words) ?? ''}`)
      conditions.push(condition)
    },
  })
  return { name, conditions }
}
