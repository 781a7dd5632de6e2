import { setTimeout as sleep } from 'node:timers/promises'
import { type Asked, protocolError } from '../reflector/answer-error.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import { ApiCall, type ApiCallBody } from '../reflector/api-call.ts'
import { resourcePath } from '../reflector/api-resource.ts'
import { isObject } from '../reflector/is-object.ts'
import { readJson } from '../reflector/json-answer.ts'
import type { ApiObject } from '../reflector/reflector-sink.ts'
import { defaultTiming } from '../reflector/reflector-timing.ts'
import { isApiObject } from '../reflector/watch-frame.ts'
import { WatchError } from '../reflector/watch-error.ts'
import { type ApiTarget, targetPath } from './api-target.ts'
import { refusalOf } from './refusal.ts'

/**
 * What became of a request: `missing` where there is no such object or, for one to be created, no such namespace; `conflict`
 * where somebody else was faster: it exists already, or is not in the version that the change was made from.
 */
export type ApiAnswer =
  | { readonly outcome: 'done'; readonly object: ApiObject }
  | { readonly outcome: 'missing' | 'conflict' }

/** An object to write, whole. With `metadata.resourceVersion` it replaces that version only. */
export interface ApiBody {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

export interface ApiClientOptions {
  readonly access: ApiAccess
  /** The longest that one request may take, repetitions included. */
  readonly deadlineMs?: number
  /** Unix time in milliseconds. */
  readonly clock?: () => number
}

const maxObjectBytes = 16 * 2 ** 20
/** What the server asks for without a figure, and the least that is waited. */
const leastWaitMs = 100

/** Reads and writes single objects. Throws a WatchError where the server does not answer, or with something else. */
export class ApiClient {
  readonly #access: ApiAccess
  readonly #deadlineMs: number
  readonly #clock: () => number
  /** The server has said 401: what is remembered of the credentials is of no use. */
  #isRefused = false

  constructor({ access, deadlineMs = 15_000, clock = Date.now }: ApiClientOptions) {
    this.#access = access
    this.#deadlineMs = deadlineMs
    this.#clock = clock
  }

  /** Address of the server, for people. */
  get server(): string {
    return this.#access.server
  }

  async get(target: ApiTarget, signal: AbortSignal): Promise<ApiAnswer> {
    return this.#send({ verb: 'get', target, path: targetPath(target), signal })
  }

  async create(target: ApiTarget, object: ApiBody, signal: AbortSignal): Promise<ApiAnswer> {
    const body = jsonBody('POST', { ...object, metadata: { ...object.metadata, ...named(target) } })
    return this.#send({ verb: 'create', target, path: resourcePath(target), body, signal })
  }

  /** Never creates one: `missing` where it is not there. */
  async replace(target: ApiTarget, object: ApiBody, signal: AbortSignal): Promise<ApiAnswer> {
    const body = jsonBody('PUT', { ...object, metadata: { ...object.metadata, ...named(target) } })
    return this.#send({ verb: 'update', target, path: targetPath(target), body, signal })
  }

  /**
   * An array is a JSON patch (RFC 6902), an object a merge patch (RFC 7386). A patch that sets `metadata.resourceVersion` changes
   * that version only.
   */
  async patch(target: ApiTarget, patch: object, signal: AbortSignal): Promise<ApiAnswer> {
    const type = Array.isArray(patch)
      ? 'application/json-patch+json'
      : 'application/merge-patch+json'
    const body: ApiCallBody = { method: 'PATCH', type, text: JSON.stringify(patch) }
    return this.#send({ verb: 'patch', target, path: targetPath(target), body, signal })
  }

  /** The object as it was; with `resourceVersion` that version only. */
  async delete(
    target: ApiTarget,
    preconditions: { readonly resourceVersion?: string; readonly uid?: string },
    signal: AbortSignal,
  ): Promise<'done' | 'missing' | 'conflict'> {
    const body = jsonBody('DELETE', { apiVersion: 'v1', kind: 'DeleteOptions', preconditions })
    const request = { verb: 'delete', target, path: targetPath(target), body, signal } as const
    return (await this.#send(request)).outcome
  }

  async #send(request: ApiRequest): Promise<ApiAnswer> {
    const { signal } = request
    const deadline = performance.now() + this.#deadlineMs
    for (let hasRenewed = false; ;) {
      const leftMs = deadline - performance.now()
      try {
        // oxlint-disable-next-line no-await-in-loop
        return await this.#once(request, leftMs)
      } catch (error) {
        const waitMs = this.#waitAfter(error, hasRenewed)
        if (waitMs === undefined || performance.now() + waitMs >= deadline) throw error
        hasRenewed ||= this.#isRefused
        // oxlint-disable-next-line no-await-in-loop
        await sleep(waitMs, undefined, { signal })
      }
    }
  }

  /** How long until the same is asked again; `undefined` for not at all. */
  #waitAfter(error: unknown, hasRenewed: boolean): number | undefined {
    if (!(error instanceof WatchError)) return undefined
    if (error.code === 'unauthorized') return hasRenewed ? undefined : 0
    // With this header a server says that it has not done it.
    if (error.retryAfterMs !== undefined) return Math.max(error.retryAfterMs, leastWaitMs)
    return error.code === 'throttled' ? 1000 : undefined
  }

  async #once(
    { verb, target, path, body, signal }: ApiRequest,
    leftMs: number,
  ): Promise<ApiAnswer> {
    const asked: Asked = { verb, resource: target, server: this.#access.server }
    await using call = await ApiCall.open({
      access: this.#access,
      path,
      body,
      timing: { ...defaultTiming, silenceMs: leftMs, connectMs: Math.min(5000, leftMs) },
      signal,
      silenceMs: leftMs,
      deadlineMs: leftMs,
      last: this.#isRefused ? 'refused' : undefined,
      heard: () => {},
    })
    this.#isRefused = call.status === 401
    if (call.status === 404) return { outcome: 'missing' }
    if (call.status === 409) return { outcome: 'conflict' }
    if (call.status < 200 || call.status > 202) throw await refusalOf(call, asked, this.#clock())
    const object = await readJson(call, maxObjectBytes)
    if (isApiObject(object)) return { outcome: 'done', object }
    // What is deleted at once is answered with a Status.
    if (verb === 'delete' && isObject(object)) return { outcome: 'done', object: gone(target) }
    throw protocolError(asked, 'the answer is no object')
  }
}

interface ApiRequest {
  readonly verb: 'get' | 'create' | 'update' | 'patch' | 'delete'
  readonly target: ApiTarget
  readonly path: string
  readonly body?: ApiCallBody
  readonly signal: AbortSignal
}

function named({ name, namespace }: ApiTarget): object {
  return { name, ...(namespace !== undefined && { namespace }) }
}

function jsonBody(method: ApiCallBody['method'], value: object): ApiCallBody {
  return { method, type: 'application/json', text: JSON.stringify(value) }
}

function gone({ name }: ApiTarget): ApiObject {
  return { metadata: { name, resourceVersion: '' } }
}
