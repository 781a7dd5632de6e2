import type { Labels } from './labels.ts'
import { checkLabelKey, checkLabelValue } from './name-rules.ts'
import { readSelectorTokens, type SelectorToken, type TokenKind } from './selector-tokens.ts'

/** One condition on one label. A label that is not there has no value in any list. */
interface LabelRequirement {
  readonly key: string
  readonly operator: 'exists' | 'absent' | 'in' | 'not-in'
  /** Empty for `exists` and `absent`. */
  readonly values: readonly string[]
}

/** A condition on labels: all requirements have to hold, and with none everything matches. */
export type LabelSelector = readonly LabelRequirement[]

const binaryOperators = 'in, notin, =, ==, !=, gt, lt'

/**
 * Reads a selector as the API server and kubectl take it: `app=web,tier!=db,env in (a, b),team,!old`. What is wrong is said in
 * Kubernetes' words. Kubernetes 1.36, apimachinery/pkg/labels; `gt` and `lt` are not for selectors of watches.
 */
export function parseLabelSelector(
  text: string,
): { readonly selector: LabelSelector } | { readonly error: string } {
  try {
    return { selector: new SelectorReader(text).read() }
  } catch (error) {
    // Thrown below, to leave the reader from any depth.
    /* c8 ignore next -- a bug of ours */
    if (!(error instanceof SelectorFault)) throw error
    return { error: error.message }
  }
}

export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined
    switch (operator) {
      case 'exists':
        return value !== undefined
      case 'absent':
        return value === undefined
      case 'in':
        return value !== undefined && values.includes(value)
      case 'not-in':
      default:
        return value === undefined || !values.includes(value)
    }
  })
}

class SelectorFault extends Error {}

/** Goes through the tokens from left to right. */
class SelectorReader {
  readonly #tokens: readonly SelectorToken[]
  #at = 0

  constructor(text: string) {
    this.#tokens = readSelectorTokens(text)
  }

  read(): LabelSelector {
    const requirements: LabelRequirement[] = []
    if (this.#peek().kind === 'end') return requirements
    for (;;) {
      this.#expect(['word', '!'], "!, identifier, or 'end of string'")
      requirements.push(this.#readRequirement())
      const next = this.#take()
      if (next.kind === 'end') return requirements
      if (next.kind !== ',') throw fault(next, "',' or 'end of string'")
      this.#expect(['word', '!'], "identifier after ','")
    }
  }

  #readRequirement(): LabelRequirement {
    try {
      return this.#readCondition()
    } catch (error) {
      /* c8 ignore next -- a bug of ours */
      if (!(error instanceof SelectorFault)) throw error
      throw new SelectorFault(`unable to parse requirement: ${error.message}`, { cause: error })
    }
  }

  #readCondition(): LabelRequirement {
    const isNegated = this.#peek().kind === '!'
    if (isNegated) this.#take()
    const token = this.#takeWord('identifier')
    const key = checked('key', token, checkLabelKey(token))
    const { kind } = this.#peek()
    if (kind === 'end' || kind === ',') {
      return { key, operator: isNegated ? 'absent' : 'exists', values: [] }
    }
    const operator = this.#take()
    switch (operator.isOperatorWord ? operator.text : operator.kind) {
      case '=':
      case '==':
        return { key, operator: 'in', values: [this.#readValue(key)] }
      case '!=':
        return { key, operator: 'not-in', values: [this.#readValue(key)] }
      case 'in':
        return { key, operator: 'in', values: this.#readValues(key) }
      case 'notin':
        return { key, operator: 'not-in', values: this.#readValues(key) }
      case '>':
      case '<': {
        const name = operator.kind === '>' ? 'gt' : 'lt'
        throw new SelectorFault(`"${name}" is not a valid label selector operator`)
      }
      default:
        throw fault(operator, binaryOperators)
    }
  }

  #readValue(key: string): string {
    const { kind } = this.#peek()
    const value = kind === 'end' || kind === ',' ? '' : this.#takeWord('identifier')
    return checked(`values[0][${key}]`, value, checkLabelValue(value))
  }

  #readValues(key: string): readonly string[] {
    const open = this.#take()
    if (open.kind !== '(') throw fault(open, "'('")
    const values = new Set<string>()
    for (;;) {
      const { kind } = this.#peek()
      if (kind === 'word') values.add(this.#take().text)
      // An empty place in the list is the empty value: `(,a)`. Nothing at all is no list.
      else if (kind === ',' || values.size > 0) values.add('')
      const separator = this.#take()
      if (separator.kind === ')') break
      if (separator.kind !== ',') throw fault(separator, "',' or ')'")
      if (this.#peek().kind === ')') values.add('')
    }
    if (values.size === 0) {
      throw new SelectorFault(
        "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
      )
    }
    return [...values]
      .toSorted()
      .map((value, i) => checked(`values[${i}][${key}]`, value, checkLabelValue(value)))
  }

  #peek(): SelectorToken {
    return this.#tokens[this.#at]!
  }

  #take(): SelectorToken {
    const token = this.#peek()
    if (token.kind !== 'end') this.#at++
    return token
  }

  #takeWord(expected: string): string {
    const token = this.#take()
    if (token.kind !== 'word') throw fault(token, expected)
    return token.text
  }

  #expect(kinds: readonly TokenKind[], expected: string): void {
    const token = this.#peek()
    if (!kinds.includes(token.kind)) throw fault(token, expected)
  }
}

function fault({ text }: SelectorToken, expected: string): SelectorFault {
  return new SelectorFault(`found '${text}', expected: ${expected}`)
}

function checked(field: string, value: string, faults: readonly string[]): string {
  if (faults.length === 0) return value
  throw new SelectorFault(`${field}: Invalid value: "${value}": ${faults.join('; ')}`)
}
