import { isObject } from './is-object.ts'

/** What an API server says of a request that it does not do: an object of kind Status. */
export interface ApiStatus {
  readonly code: number
  /** `Expired`, `Forbidden`; '' where there is none. */
  readonly reason: string
  readonly message: string
  /** The reasons within, `ResourceVersionTooLarge`. */
  readonly causes: readonly string[]
  readonly retryAfterSeconds: number | undefined
}

/** A proxy may answer in the name of the server, with anything. */
const maxMessageLength = 500

/** Nothing for what is no Status. */
export function readApiStatus(value: unknown): ApiStatus | undefined {
  if (!isObject(value) || value['kind'] !== 'Status') return undefined
  const { code, reason, message } = value
  const details = isObject(value['details']) ? value['details'] : {}
  const { causes, retryAfterSeconds } = details
  return {
    code: typeof code === 'number' ? code : 0,
    reason: typeof reason === 'string' ? reason : '',
    message: typeof message === 'string' ? printable(message) : '',
    causes: Array.isArray(causes) ? causes.flatMap(reasonOf) : [],
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined,
  }
}

function reasonOf(cause: unknown): string[] {
  return isObject(cause) && typeof cause['reason'] === 'string' ? [cause['reason']] : []
}

/** One line, without what a terminal would obey. */
function printable(text: string): string {
  return text.slice(0, maxMessageLength).replaceAll(/\p{Cc}+/gu, ' ')
}
