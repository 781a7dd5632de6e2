/** What is wrong with an expression. It becomes a CorefileError. */
export class ExpressionError extends Error {
  override name = 'ExpressionError'
}
