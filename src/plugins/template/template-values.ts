import type { TemplateValue } from './template-data.ts'

/** Go's truth: not false, zero or empty. */
export function isTrue(value: TemplateValue): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}

/** As Go prints it with `%v`. */
export function printValue(value: TemplateValue): string {
  if (value === undefined) return '<no value>'
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `map[${entries.map(([key, one]) => `${key}:${printValue(one)}`).join(' ')}]`
  }
  return typeof value === 'function' ? '<function>' : String(value)
}
