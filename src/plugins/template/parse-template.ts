import type { Argument } from '../../corefile/argument.ts'
import { parsedArgument } from '../../corefile/parsed-argument.ts'
import type { GoTemplate, TemplateBlock, TemplateNode } from './go-template.ts'
import { parsePipeline } from './parse-pipeline.ts'
import { splitActions, type TemplatePiece } from './template-actions.ts'
import { TemplateError } from './template-error.ts'

/** A template, checked as far as it can be before a query comes. */
export const goTemplate: Argument<GoTemplate> = parsedArgument({
  expected: 'a record, with {{ }} where it depends on the query',
  parse: text => ({ text, nodes: new TemplateParser(splitActions(text)).parse() }),
  refusal: TemplateError,
})

type Dot = 'query' | 'unknown'

/** What ends a list of nodes: `end`, `else`, or `else if …`. */
type Closing = { readonly kind: 'end' | 'else'; readonly rest: string } | undefined

class TemplateParser {
  readonly #pieces: readonly TemplatePiece[]
  #next = 0

  constructor(pieces: readonly TemplatePiece[]) {
    this.#pieces = pieces
  }

  parse(): TemplateNode[] {
    const { nodes, closing } = this.#list('query')
    if (closing) throw new TemplateError(`{{ ${closing.kind} }} closes nothing`)
    return nodes
  }

  #list(dot: Dot): { readonly nodes: TemplateNode[]; readonly closing: Closing } {
    const nodes: TemplateNode[] = []
    for (;;) {
      const piece = this.#pieces[this.#next++]
      if (!piece) return { nodes, closing: undefined }
      if (piece.kind === 'text') {
        nodes.push({ kind: 'text', text: piece.text })
        continue
      }
      const [, word, rest = ''] = /^(if|with|range|else|end)\b\s*([^]*)$/.exec(piece.text) ?? []
      if (word === 'end' || word === 'else') return { nodes, closing: { kind: word, rest } }
      if (word === 'if' || word === 'with' || word === 'range') {
        nodes.push(this.#block(word, rest, dot))
      } else {
        nodes.push({ kind: 'action', pipeline: parsePipeline(piece.text, dot) })
      }
    }
  }

  #block(kind: TemplateBlock['kind'], condition: string, dot: Dot): TemplateBlock {
    const pipeline = parsePipeline(condition, dot)
    const { nodes: body, closing } = this.#list(kind === 'if' ? dot : 'unknown')
    if (!closing) throw new TemplateError(`{{ ${kind} }} has no {{ end }}`)
    if (closing.kind === 'end') return { kind, pipeline, body, otherwise: [] }
    const [, nested, rest = ''] = /^(if|with)\b\s*([^]*)$/.exec(closing.rest) ?? []
    if (nested === 'if' || nested === 'with') {
      return { kind, pipeline, body, otherwise: [this.#block(nested, rest, dot)] }
    }
    const last = this.#list(dot)
    if (last.closing?.kind !== 'end') throw new TemplateError('{{ else }} has no {{ end }}')
    return { kind, pipeline, body, otherwise: last.nodes }
  }
}
