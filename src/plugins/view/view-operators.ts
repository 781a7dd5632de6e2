import { regularExpression } from '../../corefile/regular-expression.ts'
import type { Query } from '../handler.ts'
import {
  constant,
  type Expression,
  type ExpressionType,
  type ExpressionValue,
} from './expression.ts'
import { ExpressionError } from './expression-error.ts'

type Condition = (query: Query) => boolean

interface Operator {
  readonly binds: number
  /** Types of both sides: any one for both, numbers or texts, a list on the right, or as it says. */
  readonly sides: 'same' | 'ordered' | 'member' | 'text' | 'boolean'
  readonly join: (left: Expression, right: Expression) => Condition
}

const and: Operator = {
  binds: 2,
  sides: 'boolean',
  join: (left, right) => query => Boolean(left.of(query) && right.of(query)),
}

const or: Operator = {
  binds: 1,
  sides: 'boolean',
  join: (left, right) => query => Boolean(left.of(query) || right.of(query)),
}

/** Every operator between two expressions. What binds more is computed first. */
export const operators: Readonly<Record<string, Operator>> = {
  '||': or,
  or,
  '&&': and,
  and,
  '==': comparison('same', isEqual),
  '!=': comparison('same', (left, right) => !isEqual(left, right)),
  '<': comparison('ordered', (left, right) => left < right),
  '<=': comparison('ordered', (left, right) => left <= right),
  '>': comparison('ordered', (left, right) => left > right),
  '>=': comparison('ordered', (left, right) => left >= right),
  in: comparison('member', isMember),
  matches: { binds: 3, sides: 'text', join: match },
  contains: comparison('text', (left, right) => String(left).includes(String(right))),
  startsWith: comparison('text', (left, right) => String(left).startsWith(String(right))),
  endsWith: comparison('text', (left, right) => String(left).endsWith(String(right))),
}

/** `left OPERATOR right`; throws an ExpressionError for types that do not go together. */
export function operation(name: string, left: Expression, right: Expression): Expression {
  const { sides, join } = operators[name]!
  if (!fits(sides, left.type, right.type)) {
    throw new ExpressionError(
      `${name} cannot have ${left.type} on its left and ${right.type} on its right`,
    )
  }
  return boolean(join(left, right))
}

export function negation(operand: Expression): Expression {
  if (operand.type !== 'boolean') throw new ExpressionError(`! cannot stand before ${operand.type}`)
  return boolean(query => !operand.of(query))
}

export function listOf(elements: readonly Expression[]): Expression {
  const isConstant = elements.every(element => element.constant !== undefined)
  if (isConstant)
    return constant(
      'list',
      elements.map(element => element.constant!),
    )
  return { type: 'list', of: query => elements.map(element => element.of(query)) }
}

function boolean(of: Condition): Expression {
  return { type: 'boolean', of }
}

function comparison(
  sides: Operator['sides'],
  compare: (left: ExpressionValue, right: ExpressionValue) => boolean,
): Operator {
  return {
    binds: 3,
    sides,
    join: (left, right) => query => compare(left.of(query), right.of(query)),
  }
}

function fits(sides: Operator['sides'], left: ExpressionType, right: ExpressionType): boolean {
  switch (sides) {
    case 'same':
      return left === right
    case 'ordered':
      return left === right && (left === 'text' || left === 'number')
    case 'member':
      return left !== 'list' && right === 'list'
    default:
      return left === sides && right === sides
  }
}

/** The expression is made once, so it must be there from the beginning. */
function match(left: Expression, right: Expression): Condition {
  if (typeof right.constant !== 'string')
    throw new ExpressionError('matches needs a text on its right')
  const pattern = regularExpression.parse(right.constant)
  if (!pattern) {
    const reason = regularExpression.explain?.(right.constant) ?? ''
    throw new ExpressionError(
      `${JSON.stringify(right.constant)} is not a regular expression: ${reason}`,
    )
  }
  return query => pattern.test(String(left.of(query)))
}

function isMember(value: ExpressionValue, list: ExpressionValue): boolean {
  return (list as readonly ExpressionValue[]).some(element => isEqual(element, value))
}

function isEqual(one: ExpressionValue, other: ExpressionValue): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  return (
    one.length === other.length &&
    one.every((element, i) => isEqual(element as ExpressionValue, other[i] as ExpressionValue))
  )
}
