import { formatText } from './format-text.ts'
import type { TemplateFunction, TemplateValue } from './template-data.ts'
import { TemplateError } from './template-error.ts'
import { isTrue, printValue } from './template-values.ts'

type Comparison = (a: string | number, b: string | number) => boolean

/** The functions of Go's templates that are known here, and CoreDNS's `parseInt`. */
const functions: Readonly<Record<string, TemplateFunction>> = {
  and: (...values) => values.find(value => !isTrue(value)) ?? values.at(-1),
  eq: (first, ...others) => others.some(other => other === first),
  ge: comparing((a, b) => a >= b),
  gt: comparing((a, b) => a > b),
  index: (value, ...keys) => keys.reduce(elementOf, value),
  le: comparing((a, b) => a <= b),
  len: lengthOf,
  lt: comparing((a, b) => a < b),
  ne: (a, b) => a !== b,
  not: value => !isTrue(value),
  or: (...values) => values.find(isTrue) ?? values.at(-1),
  parseInt: parseUint,
  print: (...values) => values.map(printValue).join(''),
  printf: (format, ...values) => formatText(printValue(format), values),
  slice: sliceOf,
}

export const functionNames: readonly string[] = Object.keys(functions)

export function callFunction(name: string, values: readonly TemplateValue[]): TemplateValue {
  return functions[name]!(...values)
}

function comparing(compare: Comparison): TemplateFunction {
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return compare(a, b)
    if (typeof a === 'string' && typeof b === 'string') return compare(a, b)
    throw new TemplateError('only two numbers or two texts can be compared')
  }
}

function elementOf(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (Array.isArray(value)) {
    if (typeof key === 'number' && key >= 0 && key < value.length)
      return value[key] as TemplateValue
    throw new TemplateError(`index ${printValue(key)} is out of range`)
  }
  if (typeof value === 'string' && typeof key === 'number' && key >= 0 && key < value.length) {
    return value.charCodeAt(key)
  }
  if (typeof value === 'object' && typeof key === 'string') {
    return Object.hasOwn(value, key) ? (value as Record<string, TemplateValue>)[key] : ''
  }
  throw new TemplateError(`${printValue(value)} has no index ${printValue(key)}`)
}

function lengthOf(value: TemplateValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (Array.isArray(value)) return value.length
  if (typeof value === 'object') return Object.keys(value).length
  throw new TemplateError(`${printValue(value)} has no length`)
}

function sliceOf(
  value: TemplateValue,
  start: TemplateValue = 0,
  end?: TemplateValue,
): TemplateValue {
  if (typeof value !== 'string' && !Array.isArray(value)) {
    throw new TemplateError(`${printValue(value)} cannot be sliced`)
  }
  const last = end ?? value.length
  if (typeof start !== 'number' || typeof last !== 'number') {
    throw new TemplateError('slice takes numbers')
  }
  if (start < 0 || start > last || last > value.length) {
    throw new TemplateError(`slice ${start} ${last} is out of range`)
  }
  return value.slice(start, last) as TemplateValue
}

/** As Go's `strconv.ParseUint`: a text, its base, and how many bits its value may have. */
function parseUint(text: TemplateValue, base: TemplateValue, bits: TemplateValue): number {
  if (typeof text !== 'string' || typeof base !== 'number' || typeof bits !== 'number') {
    throw new TemplateError('parseInt takes a text, a base and a number of bits')
  }
  const known = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base)
  const digits = text.toLowerCase().split('')
  const isNumber = digits.length > 0 && digits.every(digit => known.includes(digit))
  const value = isNumber ? Number.parseInt(text, base) : Number.NaN
  if (!(value < 2 ** Math.min(bits === 0 ? 64 : bits, 53))) {
    throw new TemplateError(
      `parseInt: ${JSON.stringify(text)} is no number of base ${base} and ${bits} bits`,
    )
  }
  return value
}
