import type { TemplateValue } from './template-data.ts'
import { TemplateError } from './template-error.ts'
import { printValue } from './template-values.ts'

/** A number in each base. */
const bases: Readonly<Record<string, number>> = { d: 10, x: 16, X: 16, o: 8, b: 2 }

const verbPattern = /%([-0]*)(\d*)(.?)/s

/** No name and no text of a record is longer. */
const maxWidth = 255

/** Go's `fmt.Sprintf`, with the verbs v, s, q, t, c, d, x, X, o and b, the flags `-` and `0`, and a width. */
export function formatText(format: string, values: readonly TemplateValue[]): string {
  let next = 0
  const formatOne = (all: string): string => {
    const [, flags = '', width = '', verb = ''] = verbPattern.exec(all) ?? []
    if (verb === '%') return '%'
    if (next >= values.length) throw new TemplateError(`printf: there is no value for %${verb}`)
    const plain = formatValue(verb, values[next++])
    const length = Math.min(Number(width), maxWidth)
    if (flags.includes('-')) return plain.padEnd(length)
    if (!flags.includes('0') || !(verb in bases)) return plain.padStart(length)
    const sign = plain.startsWith('-') ? '-' : ''
    return sign + plain.slice(sign.length).padStart(length - sign.length, '0')
  }
  const text = format.replace(new RegExp(verbPattern, 'gs'), formatOne)
  if (next < values.length) throw new TemplateError('printf: there are too many values')
  return text
}

function formatValue(verb: string, value: TemplateValue): string {
  if (verb === 'v') return printValue(value)
  if (typeof value === 'number') {
    const base = bases[verb]
    if (base !== undefined) return inCase(value.toString(base), verb)
    if (verb === 'c') return String.fromCodePoint(value)
  }
  if (typeof value === 'string') {
    if (verb === 's') return value
    if (verb === 'q') return JSON.stringify(value)
    if (verb === 'x' || verb === 'X') return inCase(Buffer.from(value).toString('hex'), verb)
  }
  if (typeof value === 'boolean' && verb === 't') return String(value)
  throw new TemplateError(`printf: %${verb} does not go with ${printValue(value)}`)
}

function inCase(text: string, verb: string): string {
  return verb === 'X' ? text.toUpperCase() : text
}
