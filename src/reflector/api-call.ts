import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  request as requestHttp,
} from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Socket } from 'node:net'
import type { ApiAccess, ApiConnection } from './api-access.ts'
import { connectionError, credentialsError } from './connection-error.ts'
import type { ReflectorTiming } from './reflector-timing.ts'
import { WatchError } from './watch-error.ts'

/** What is sent where something is to be changed. */
export interface ApiCallBody {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `application/json-patch+json` */
  readonly type: string
  readonly text: string
}

export interface ApiCallOptions {
  readonly access: ApiAccess
  /** `/api/v1/services?watch=1` */
  readonly path: string
  readonly timing: ReflectorTiming
  /** A GET where there is none. */
  readonly body?: ApiCallBody | undefined
  /** Ends it, whatever it is doing. */
  readonly signal: AbortSignal
  readonly silenceMs: number
  /** The longest that the whole call may take. */
  readonly deadlineMs: number
  /** See {@link ApiAccess.connect}. */
  readonly last: 'refused' | undefined
  /** Called for every byte that comes, or rather chunk. */
  readonly heard: () => void
}

/**
 * One request on a connection of its own, HTTP/1.1: certificates and tokens are as new as the connection, the kernel's keep-alive
 * sees a peer that is gone, and no other stream can hold this one up.
 */
export class ApiCall implements AsyncDisposable {
  readonly #options: ApiCallOptions
  readonly #request: ClientRequest
  readonly #closed: Promise<void>
  #socket: Socket | undefined
  #response: IncomingMessage | undefined
  #silence: NodeJS.Timeout
  readonly #deadline: NodeJS.Timeout
  #fault: unknown

  private constructor(options: ApiCallOptions, connection: ApiConnection) {
    this.#options = options
    const { timing, signal, deadlineMs } = options
    this.#request = send(connection, options)
    this.#closed = new Promise(resolve => this.#request.once('close', resolve))
    this.#request.on('error', error => (this.#fault ??= error))
    this.#request.once('socket', socket => this.#watchOver(socket))
    // An agent that is given hands over a socket which may be connected.
    const connectMs = connection.options.agent ? options.silenceMs : timing.connectMs
    this.#silence = setTimeout(() => this.#unconnected(connectMs), connectMs)
    this.#deadline = setTimeout(() => this.#overdue(), deadlineMs)
    signal.addEventListener('abort', this.#abort)
  }

  /** The answer's status and headers have come. */
  static async open(options: ApiCallOptions): Promise<ApiCall> {
    const connection = await connect(options)
    options.signal.throwIfAborted()
    const call = new ApiCall(options, connection)
    try {
      await call.#answered()
      return call
    } catch (error) {
      await call[Symbol.asyncDispose]()
      throw error
    }
  }

  get status(): number {
    return this.#response!.statusCode!
  }

  header(name: 'content-type' | 'retry-after'): string | undefined {
    return this.#response!.headers[name]
  }

  /** How long nothing may come, from now on. */
  setSilence(silenceMs: number): void {
    clearTimeout(this.#silence)
    const seconds = silenceMs / 1000
    this.#silence = setTimeout(
      () => this.#end(new WatchError('silent', this.#text(`nothing came for ${seconds} s`))),
      silenceMs,
    )
  }

  /** The body. Throws a WatchError where it does not come whole. */
  async *chunks(): AsyncGenerator<Buffer, void> {
    try {
      // What ends too early ends with an error.
      for await (const chunk of this.#response!) {
        this.#silence.refresh()
        this.#options.heard()
        yield chunk
      }
    } catch (error) {
      throw connectionError(this.#options.access.server, this.#fault ?? error)
    }
  }

  /** Resolves when nothing of it is left, the socket included. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#silence)
    clearTimeout(this.#deadline)
    this.#options.signal.removeEventListener('abort', this.#abort)
    this.#request.destroy()
    this.#response?.destroy()
    await this.#closed
    const socket = this.#socket
    if (!socket || socket.closed) return
    const closed = once(socket, 'close')
    socket.destroy()
    await closed
  }

  readonly #abort = (): void => this.#end(new WatchError('network', this.#text('ended by us')))

  async #answered(): Promise<void> {
    const request = this.#request
    this.#response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve)
      request.once('close', () => {
        const fault = this.#fault ?? new Error('the connection was closed')
        reject(connectionError(this.#options.access.server, fault))
      })
    })
    // Destroying it gives an error that nobody may be waiting for.
    this.#response.on('error', () => {})
    this.setSilence(this.#options.silenceMs)
    this.#options.heard()
  }

  #watchOver(socket: Socket): void {
    this.#socket = socket
    const isSecure = 'encrypted' in socket
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      socket.setKeepAlive(true, this.#options.timing.keepAliveMs)
      this.setSilence(this.#options.silenceMs)
    })
  }

  #unconnected(connectMs: number): void {
    this.#end(new WatchError('network', this.#text(`no connection within ${connectMs / 1000} s`)))
  }

  #overdue(): void {
    this.#end(new WatchError('silent', this.#text('the server did not end its answer in time')))
  }

  #end(fault: WatchError): void {
    this.#fault ??= fault
    if (this.#response) this.#response.destroy(fault)
    else this.#request.destroy(fault)
  }

  #text(detail: string): string {
    return `Cannot reach "${this.#options.access.server}": ${detail}`
  }
}

function send(connection: ApiConnection, { path, body }: ApiCallOptions): ClientRequest {
  const { base, options } = connection
  const url = new URL(base.pathname.replace(/\/$/, '') + path, base)
  const all: RequestOptions = {
    ...options,
    method: body?.method ?? 'GET',
    // An agent would keep connections, and with them old certificates. Only one that leads through a proxy is given.
    agent: options.agent ?? false,
    headers: {
      ...(options.headers as OutgoingHttpHeaders | undefined),
      accept: 'application/json',
      // Frames would wait in a compressor.
      'accept-encoding': 'identity',
      ...(body && { 'content-type': body.type, 'content-length': Buffer.byteLength(body.text) }),
    },
  }
  const request = url.protocol === 'http:' ? requestHttp(url, all) : requestHttps(url, all)
  request.end(body?.text)
  return request
}

/** Credentials may come from a program that hangs. */
async function connect({ access, signal, timing, last }: ApiCallOptions): Promise<ApiConnection> {
  signal.throwIfAborted()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(new Error('they did not come in time'))
  const timer = setTimeout(stop, timing.silenceMs)
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([access.connect(last), stopped])
  } catch (error) {
    throw credentialsError(access.server, error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
