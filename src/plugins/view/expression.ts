import type { Query } from '../handler.ts'

/** What an expression is about. */
export type ExpressionType = 'text' | 'number' | 'boolean' | 'list'

export type ExpressionValue = string | number | boolean | readonly ExpressionValue[]

/** A part of an expression, with what it amounts to for a query. Types are checked when it is read. */
export interface Expression {
  readonly type: ExpressionType
  /** Its value where that is the same for every query. */
  readonly constant?: ExpressionValue
  readonly of: (query: Query) => ExpressionValue
}

export function constant(type: ExpressionType, value: ExpressionValue): Expression {
  return { type, constant: value, of: () => value }
}
