/** Why an API server cannot be asked. */
export type AccessErrorCode =
  | 'not-in-cluster'
  | 'unreadable'
  | 'not-a-kubeconfig'
  | 'unknown-context'
  | 'bad-server'
  | 'credentials'

/** Its message is one line: what was expected, and where. */
export class AccessError extends Error {
  override readonly name = 'AccessError'
  readonly code: AccessErrorCode

  constructor(code: AccessErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** What went wrong below, as part of a line: plugins and parsers write several. */
export function onOneLine(error: unknown): string {
  const { message, code, cause } = error as NodeJS.ErrnoException
  const below = cause instanceof Error ? `: ${onOneLine(cause)}` : ''
  const text = `${message || code || String(error)}${below}`.trim().replaceAll(/\s*\n\s*/g, ' ')
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
