import { answerError, type Asked } from '../reflector/answer-error.ts'
import type { ApiCall } from '../reflector/api-call.ts'
import { type ApiStatus, readApiStatus } from '../reflector/api-status.ts'
import { readJson } from '../reflector/json-answer.ts'
import { parseRetryAfter } from '../reflector/retry-after.ts'
import type { WatchError } from '../reflector/watch-error.ts'

/** A Status is short; what is longer comes from something else. */
const maxStatusBytes = 64 * 1024

/** The error for an answer that is no success. `nowMs` is Unix time. */
export async function refusalOf(call: ApiCall, asked: Asked, nowMs: number): Promise<WatchError> {
  // What comes in place of a Status tells no more than the number.
  const body = await readJson(call, maxStatusBytes).catch(() => undefined)
  return answerError(asked, {
    httpStatus: call.status,
    status: withoutObjects(readApiStatus(body), call.status),
    retryAfterMs: parseRetryAfter(call.header('retry-after'), nowMs),
  })
}

/** A server that finds a fault in an object quotes the field's value. */
function withoutObjects(status: ApiStatus | undefined, httpStatus: number): ApiStatus | undefined {
  if (!status || (httpStatus !== 400 && httpStatus !== 422)) return status
  return { ...status, message: `HTTP status ${httpStatus} ${status.reason}` }
}
