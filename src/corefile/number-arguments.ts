import type { Argument } from './argument.ts'

/** A whole number from 0. */
export const count: Argument<number> = { expected: 'a whole number', parse: parseCount }

/** A whole number of seconds from 0, for options that take no unit: `ttl 30`. */
export const integerSeconds: Argument<number> = {
  expected: 'a number of seconds like 30',
  parse: parseCount,
}

/** A whole number between two, both included. */
export function countBetween(min: number, max: number): Argument<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse(word) {
      const value = parseCount(word)
      return value !== undefined && value >= min && value <= max ? value : undefined
    },
  }
}

/** `10%` as 10, from 0 to 100. */
export const percentage: Argument<number> = {
  expected: 'a percentage like 10%',
  parse(word) {
    const value = word.endsWith('%') ? parseCount(word.slice(0, -1)) : undefined
    return value !== undefined && value <= 100 ? value : undefined
  },
}

/** A decimal number from 0: `20`, `0.5`, `1e3`. */
export const float: Argument<number> = {
  expected: 'a number like 0.5',
  parse(word) {
    if (!/^\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word)) return undefined
    const value = Number(word)
    return Number.isFinite(value) ? value : undefined
  },
}

/** As Go's `strconv.Atoi`, without what is below 0. */
function parseCount(word: string): number | undefined {
  const value = /^\+?\d+$/.test(word) ? Number(word) : undefined
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined
}
