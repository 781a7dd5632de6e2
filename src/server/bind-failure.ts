import type { Binding } from './binding.ts'

/** An address that cannot be served. */
export interface BindFailure {
  readonly binding: Binding
  /** The system's code, `EADDRINUSE` say, and its whole message. */
  readonly code: string
  readonly message: string
}

export function bindFailure(binding: Binding, error: unknown): BindFailure {
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException
  return { binding, code, message }
}
