import { NotNow } from './review.ts'

/** An answer that is no review, for whoever reads the API server's log. */
export interface Refusal {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** API servers ask again after this time, as long as they wait at all; without the header they do not. */
const retryHeaders = { 'retry-after': '1' }

export function notNow(status: 429 | 503, message: string): Refusal {
  return { status, message, headers: retryHeaders }
}

/** What is said of a body that did not become an object: never with a word of it. */
const bodyFaults: Readonly<Record<number, string>> = {
  400: 'Cannot read the body: expected an AdmissionReview in JSON',
  413: 'Cannot read the body: it is too large',
  415: 'Cannot read the body: expected content type application/json',
}

/** `undefined` for a fault of this program. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof NotNow) return notNow(error.status, error.message)
  const { statusCode } = error as { readonly statusCode?: unknown }
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return undefined
  return { status: statusCode, message: bodyFaults[statusCode] ?? 'Cannot read the request' }
}
