import type { Argument } from '../../corefile/argument.ts'
import { parsedArgument } from '../../corefile/parsed-argument.ts'
import { constant, type Expression } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { callOf } from './view-functions.ts'
import { listOf, negation, operation, operators } from './view-operators.ts'
import { readTokens, type ViewToken } from './view-token.ts'

/** An expression that is true or false of a query: the part of expr-lang's language that is about queries. */
export const expression: Argument<Expression> = parsedArgument({
  expected: 'an expression',
  parse: text => new ExpressionParser(readTokens(text)).parse(),
  refusal: ExpressionError,
})

class ExpressionParser {
  readonly #tokens: readonly ViewToken[]
  #next = 0

  constructor(tokens: readonly ViewToken[]) {
    this.#tokens = tokens
  }

  parse(): Expression {
    const whole = this.#operation(0)
    if (this.#next < this.#tokens.length) throw this.#unexpected()
    if (whole.type !== 'boolean') {
      throw new ExpressionError(`it must be true or false, and is ${whole.type}`)
    }
    return whole
  }

  /** Operations whose operators bind more than `binds`. */
  #operation(binds: number): Expression {
    let left = this.#operand()
    for (;;) {
      const isNegated = this.#peek() === 'not'
      const name = this.#peek(isNegated ? 1 : 0)
      const operator =
        name !== undefined && Object.hasOwn(operators, name) ? operators[name] : undefined
      if (name === undefined || !operator || operator.binds <= binds) return left
      this.#next += isNegated ? 2 : 1
      const whole = operation(name, left, this.#operation(operator.binds))
      left = isNegated ? negation(whole) : whole
    }
  }

  #operand(): Expression {
    const token = this.#tokens[this.#next]
    if (!token) throw this.#unexpected()
    this.#next++
    if (token.kind === 'text' || token.kind === 'number') return constant(token.kind, token.value)
    const { value: word } = token
    if (word === 'true' || word === 'false') return constant('boolean', word === 'true')
    if (word === '!' || word === 'not') {
      // `not a == b` is not (a == b), `!a == b` is (!a) == b.
      return negation(word === '!' ? this.#operand() : this.#operation(2))
    }
    if (word === '(') {
      const inner = this.#operation(0)
      this.#expect(')')
      return inner
    }
    if (word === '[') return listOf(this.#elements(']'))
    if (/^\w/.test(word) && this.#peek() === '(') {
      this.#next++
      return callOf(word, this.#elements(')'))
    }
    this.#next--
    throw this.#unexpected()
  }

  #elements(closing: string): Expression[] {
    const elements: Expression[] = []
    while (this.#peek() !== closing) {
      if (elements.length > 0) this.#expect(',')
      elements.push(this.#operation(0))
    }
    this.#expect(closing)
    return elements
  }

  #expect(mark: string): void {
    if (this.#peek() !== mark) throw this.#unexpected()
    this.#next++
  }

  /** The word that is `ahead` of the next one. */
  #peek(ahead = 0): string | undefined {
    const token = this.#tokens[this.#next + ahead]
    return token?.kind === 'word' ? token.value : undefined
  }

  #unexpected(): ExpressionError {
    const token = this.#tokens[this.#next]
    if (!token) return new ExpressionError('it is not complete')
    return new ExpressionError(`${JSON.stringify(token.value)} cannot stand there`)
  }
}
