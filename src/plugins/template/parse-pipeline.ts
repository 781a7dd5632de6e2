import type { Command, Operand, Pipeline } from './go-template.ts'
import { TemplateError } from './template-error.ts'
import { fieldNames } from './template-data.ts'
import { functionNames } from './template-functions.ts'

const tokenPattern =
  /\s+|("(?:[^"\\\n]|\\.)*")|`([^`]*)`|(-?\d+(?![\w.]))|(\$?(?:\.[A-Za-z_]\w*)+|\$(?!\w)|\.)|([A-Za-z_]\w*)|([()|])/y

/** Reads what stands between `{{` and `}}`. `dot` is unknown inside `with` and `range`. */
export function parsePipeline(text: string, dot: 'query' | 'unknown'): Pipeline {
  return new PipelineParser(text, dot).parse()
}

class PipelineParser {
  readonly #text: string
  readonly #dot: 'query' | 'unknown'
  #at = 0

  constructor(text: string, dot: 'query' | 'unknown') {
    this.#text = text
    this.#dot = dot
  }

  parse(): Pipeline {
    const pipeline = this.#pipeline()
    if (this.#at < this.#text.length) throw this.#unexpected()
    return pipeline
  }

  #pipeline(): Pipeline {
    const commands: Command[] = []
    do {
      const operands: Operand[] = []
      for (
        let operand = this.#operand(operands.length === 0);
        operand;
        operand = this.#operand(false)
      ) {
        operands.push(operand)
      }
      const [first, ...rest] = operands
      if (!first) throw this.#unexpected()
      if (first.kind === 'literal' && (rest.length > 0 || commands.length > 0)) {
        throw new TemplateError(`${JSON.stringify(first.value)} takes no arguments`)
      }
      commands.push([first, ...rest])
    } while (this.#take('|'))
    return commands
  }

  /** `undefined` where none begins. */
  #operand(isFirst: boolean): Operand | undefined {
    const start = this.#at
    const [, quoted, raw, number, field, word, mark] = this.#token() ?? []
    if (quoted !== undefined) return { kind: 'literal', value: unquote(quoted) }
    if (raw !== undefined) return { kind: 'literal', value: raw }
    if (number !== undefined) return { kind: 'literal', value: Number(number) }
    if (field !== undefined) return this.#field(field)
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' }
    if (word !== undefined) {
      if (!functionNames.includes(word)) throw unknownFunction(word)
      if (!isFirst) throw new TemplateError(`${word} as an argument needs ( )`)
      return { kind: 'function', name: word }
    }
    if (mark === '(') {
      const pipeline = this.#pipeline()
      if (!this.#take(')')) throw this.#unexpected()
      return { kind: 'pipeline', pipeline }
    }
    this.#at = start
    return undefined
  }

  #field(text: string): Operand {
    const from = text.startsWith('$') ? 'root' : 'dot'
    const path = text.replace('$', '').split('.').filter(Boolean)
    const [first] = path
    const isOfQuery = from === 'root' || this.#dot === 'query'
    if (isOfQuery && first !== undefined && !fieldNames.includes(first)) {
      throw new TemplateError(`.${first} is not known: known are .${fieldNames.join(', .')}`)
    }
    return { kind: 'field', from, path }
  }

  #take(mark: string): boolean {
    const start = this.#at
    if (this.#token()?.[6] === mark) return true
    this.#at = start
    return false
  }

  /** The next token, white space skipped. */
  #token(): RegExpExecArray | undefined {
    for (;;) {
      tokenPattern.lastIndex = this.#at
      const match = tokenPattern.exec(this.#text)
      if (!match) return undefined
      this.#at += match[0].length
      if (match[0].trim() !== '') return match
    }
  }

  #unexpected(): TemplateError {
    const rest = this.#text.slice(this.#at).trim()
    return new TemplateError(
      rest === ''
        ? `{{ ${this.#text} }} is not complete`
        : `${JSON.stringify(rest)} cannot stand in {{ ${this.#text} }}`,
    )
  }
}

function unknownFunction(name: string): TemplateError {
  const known = [...functionNames, 'if', 'else', 'with', 'range', 'end']
  return new TemplateError(`${name} is not known: known are ${known.join(', ')}`)
}

function unquote(text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    throw new TemplateError(`${text} has an escape that is not known`)
  }
}
