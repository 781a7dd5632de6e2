import type { Asked } from './answer-error.ts'
import type { ApiAccess } from './api-access.ts'
import { ApiCall, type ApiCallOptions } from './api-call.ts'
import { apiPath, type ApiQuery } from './api-path.ts'
import type { ApiResource } from './api-resource.ts'
import { checkAnswer, readJson } from './json-answer.ts'
import { type ListPage, readListPage } from './list-page.ts'
import type { ReflectorRequest } from './reflector-observer.ts'
import type { ReflectorTiming } from './reflector-timing.ts'

export interface CollectionClientOptions {
  readonly access: ApiAccess
  readonly resource: ApiResource
  readonly timing: ReflectorTiming
  /** Unix time in milliseconds. */
  readonly clock: () => number
  /** Called when something has come from the server. */
  readonly heard: () => void
  readonly requested: (request: ReflectorRequest) => void
}

/** The requests that a reflector makes of one collection. What is no success is thrown as a WatchError. */
export class CollectionClient {
  readonly #options: CollectionClientOptions
  /** The server has said 401: what is remembered of the credentials is of no use. */
  #isRefused = false

  constructor(options: CollectionClientOptions) {
    this.#options = options
  }

  asked(verb: Asked['verb']): Asked {
    const { resource, access } = this.#options
    return { verb, resource, server: access.server }
  }

  /** An answer that is JSON so far; the caller disposes of it. */
  async open(
    query: ApiQuery,
    options: Pick<ApiCallOptions, 'signal' | 'silenceMs' | 'deadlineMs'>,
  ): Promise<ApiCall> {
    const { clock } = this.#options
    const call = await this.#call(query, options)
    try {
      const asked = this.asked(query['watch'] === undefined ? 'list' : 'watch')
      await checkAnswer(call, { asked, nowMs: clock() })
      return call
    } catch (error) {
      await call[Symbol.asyncDispose]()
      throw error
    }
  }

  async #call(
    query: ApiQuery,
    options: Pick<ApiCallOptions, 'signal' | 'silenceMs' | 'deadlineMs'>,
  ): Promise<ApiCall> {
    const { access, resource, timing, heard, requested } = this.#options
    const path = apiPath(resource, query)
    const last = this.#isRefused ? 'refused' : undefined
    const startedAt = performance.now()
    let status
    try {
      const call = await ApiCall.open({ ...options, access, path, timing, heard, last })
      status = call.status
      this.#isRefused = status === 401
      return call
    } finally {
      requested({ status, tookMs: performance.now() - startedAt })
    }
  }

  async page(query: ApiQuery, signal: AbortSignal): Promise<ListPage> {
    const { unfinishedMs, watchToSeconds, overdueMs, maxPageBytes } = this.#options.timing
    await using call = await this.open(query, {
      signal,
      silenceMs: unfinishedMs,
      deadlineMs: watchToSeconds * 1000 + overdueMs,
    })
    return readListPage(await readJson(call, maxPageBytes), this.asked('list'))
  }
}
