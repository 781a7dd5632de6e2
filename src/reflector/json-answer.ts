import { Buffer } from 'node:buffer'
import { answerError, type Asked, protocolError } from './answer-error.ts'
import type { ApiCall } from './api-call.ts'
import { readApiStatus } from './api-status.ts'
import { parseRetryAfter } from './retry-after.ts'
import { WatchError } from './watch-error.ts'

/** A Status is short; what is longer comes from something else. */
const maxStatusBytes = 64 * 1024

export interface AnswerContext {
  readonly asked: Asked
  /** Unix time, for a `Retry-After` that is a date. */
  readonly nowMs: number
}

/** Throws the WatchError of an answer that is no success, or not JSON. */
export async function checkAnswer(call: ApiCall, { asked, nowMs }: AnswerContext): Promise<void> {
  const isJson = /^application\/json\b/i.test(call.header('content-type') ?? '')
  if (call.status === 200) {
    if (!isJson) throw protocolError(asked, 'the answer is not JSON')
    return
  }
  const body = isJson ? await readJson(call, maxStatusBytes).catch(() => undefined) : undefined
  throw answerError(asked, {
    httpStatus: call.status,
    status: readApiStatus(body),
    retryAfterMs: parseRetryAfter(call.header('retry-after'), nowMs),
  })
}

/** The whole body, parsed; `undefined` where it is no JSON. Throws where it is too long or not whole. */
export async function readJson(call: ApiCall, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of call.chunks()) {
    bytes += chunk.length
    if (bytes > maxBytes)
      throw new WatchError('protocol', `the answer is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks, bytes).toString('utf8'))
  } catch {
    // The parser's message would quote objects.
    return undefined
  }
}
