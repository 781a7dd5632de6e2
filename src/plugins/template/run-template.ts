import type {
  Command,
  GoTemplate,
  Operand,
  Pipeline,
  TemplateBlock,
  TemplateNode,
} from './go-template.ts'
import type { TemplateValue } from './template-data.ts'
import { TemplateError } from './template-error.ts'
import { callFunction } from './template-functions.ts'
import { isTrue, printValue } from './template-values.ts'

/** The text of a template for one query. Throws a TemplateError for what cannot be computed. */
export function runTemplate({ nodes }: GoTemplate, data: TemplateValue): string {
  return new TemplateRun(data).nodes(nodes, data)
}

class TemplateRun {
  readonly #root: TemplateValue

  constructor(root: TemplateValue) {
    this.#root = root
  }

  nodes(nodes: readonly TemplateNode[], dot: TemplateValue): string {
    let text = ''
    for (const node of nodes) {
      if (node.kind === 'text') text += node.text
      else if (node.kind === 'action') text += printValue(this.#pipeline(node.pipeline, dot))
      else text += this.#block(node, dot)
    }
    return text
  }

  #block({ kind, pipeline, body, otherwise }: TemplateBlock, dot: TemplateValue): string {
    const value = this.#pipeline(pipeline, dot)
    if (!isTrue(value)) return this.nodes(otherwise, dot)
    if (kind === 'if') return this.nodes(body, dot)
    if (kind === 'with') return this.nodes(body, value)
    if (typeof value !== 'object') {
      throw new TemplateError(`range cannot go over ${printValue(value)}`)
    }
    const elements = Array.isArray(value)
      ? (value as readonly TemplateValue[])
      : sortedValues(value)
    return elements.map(element => this.nodes(body, element)).join('')
  }

  #pipeline(pipeline: Pipeline, dot: TemplateValue): TemplateValue {
    let value: TemplateValue
    for (const [position, command] of pipeline.entries()) {
      value = this.#command(command, dot, position > 0 ? [value] : [])
    }
    return value
  }

  #command(
    [first, ...rest]: Command,
    dot: TemplateValue,
    piped: readonly TemplateValue[],
  ): TemplateValue {
    const values = [...rest.map(operand => this.#operand(operand, dot)), ...piped]
    if (first.kind === 'function') return callFunction(first.name, values)
    const value = this.#operand(first, dot)
    if (typeof value === 'function') return value(...values)
    if (values.length > 0) throw new TemplateError(`${printValue(value)} takes no arguments`)
    return value
  }

  #operand(operand: Operand, dot: TemplateValue): TemplateValue {
    switch (operand.kind) {
      case 'literal':
        return operand.value
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot)
      case 'field':
        return operand.path.reduce(fieldOf, operand.from === 'root' ? this.#root : dot)
      default:
        return callFunction(operand.name, [])
    }
  }
}

function fieldOf(value: TemplateValue, name: string): TemplateValue {
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new TemplateError(`${printValue(value)} has no field ${name}`)
  }
  return Object.hasOwn(value, name) ? (value as Record<string, TemplateValue>)[name] : undefined
}

/** The values of a map in the order of their keys, which is Go's. */
function sortedValues(map: object): TemplateValue[] {
  return Object.entries(map)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, element]) => element as TemplateValue)
}
