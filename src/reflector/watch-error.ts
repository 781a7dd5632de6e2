/** Why a list or a watch came to nothing. What follows from each is in retry-policy.ts. */
export type WatchErrorCode =
  | 'gone'
  | 'ahead'
  | 'behind'
  | 'throttled'
  | 'unauthorized'
  | 'forbidden'
  | 'missing'
  | 'unsupported'
  | 'server'
  | 'protocol'
  | 'brief'
  | 'silent'
  | 'network'
  | 'tls'
  | 'credentials'
  | 'internal'

interface WatchErrorDetails {
  /** Of HTTP, or of the Status that stood in for it. */
  readonly status?: number | undefined
  /** How long the server asks to be left alone. */
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

export class WatchError extends Error {
  override readonly name = 'WatchError'
  readonly code: WatchErrorCode
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: WatchErrorCode, message: string, details: WatchErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.status = details.status
    this.retryAfterMs = details.retryAfterMs
  }
}
