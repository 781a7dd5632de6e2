import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '../lib/logger.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import { createAdmissionApp, secureContext } from './admission-app.ts'
import type { KeyedCertificate } from './certificate-source.ts'
import { readTimeout, reviewInTime } from './admission-deadline.ts'
import { readEnvelope } from './admission-envelope.ts'
import { type AdmissionLimits, defaultLimits } from './admission-limits.ts'
import { AdmissionLoad } from './admission-load.ts'
import { AdmissionMetrics } from './admission-metrics.ts'
import { AdmissionPatience } from './admission-patience.ts'
import { addPeerRoutes, type PeerRoute } from './admission-peer.ts'
import { notNow, type Refusal, refusalOf } from './admission-refusal.ts'
import { renderResponse } from './admission-response.ts'
import { PatchRenderer } from './patch-renderer.ts'
import type { AdmissionDecision, Reviewer } from './review.ts'

export interface AdmissionServerOptions {
  /** By path: `/pods`. */
  readonly reviewers: ReadonlyMap<string, Reviewer>
  /** By path: `/claims`. */
  readonly peers?: ReadonlyMap<string, PeerRoute>
  readonly certificate: KeyedCertificate
  /** What reviews go by is known. */
  readonly isReady: () => boolean
  readonly logger: Logger
  readonly cells: MetricCells
  readonly limits?: Partial<AdmissionLimits>
}

/** Where to listen. `host` is an address; '' for every address of the machine. */
export interface AdmissionAddress {
  readonly host: string
  readonly port: number
}

/** A request under way. */
interface Call {
  readonly webhook: string
  readonly startedAt: number
  readonly gone: AbortController
  operation: string
  outcome: string | undefined
}

const nothingToDo: AdmissionDecision = {
  allowed: true,
  patch: [],
  warnings: [],
  audit: {},
  outcome: 'unhandled',
}

/** How often connections are looked at, of the time that a request may take. */
const looksPerRequest = 18

/** The webhooks of one process, over HTTPS. Reference: admission.k8s.io/v1; what it answers to what is no review: docs/admission.md. */
export class AdmissionServer implements AsyncDisposable {
  readonly #options: AdmissionServerOptions
  readonly #limits: AdmissionLimits
  readonly #app: FastifyInstance<Server>
  readonly #load: AdmissionLoad
  readonly #metrics: AdmissionMetrics
  readonly #patience: AdmissionPatience
  readonly #paths: ReadonlySet<string>
  readonly #patches = new PatchRenderer()
  readonly #calls = new WeakMap<IncomingMessage, Call>()
  #state: 'serving' | 'leaving' | 'closing' = 'serving'

  private constructor(options: AdmissionServerOptions) {
    this.#options = options
    const limits = { ...defaultLimits, ...options.limits }
    this.#limits = limits
    this.#load = new AdmissionLoad({
      maxRequests: limits.requests,
      maxBodyBytes: limits.bodiesBytes,
    })
    this.#metrics = new AdmissionMetrics(options.cells)
    this.#patience = new AdmissionPatience({
      requestMs: limits.requestMs,
      everyMs: limits.requestMs / looksPerRequest,
    })
    this.#app = createAdmissionApp(options.certificate, limits)
    this.#app.server.on('secureConnection', socket => this.#patience.watch(socket))
    this.#paths = new Set([...options.reviewers.keys(), ...(options.peers?.keys() ?? [])])
  }

  /** Binds; rejects with an error that names the address. */
  static async open(
    options: AdmissionServerOptions,
    { host, port }: AdmissionAddress,
  ): Promise<AdmissionServer> {
    const admission = new AdmissionServer(options)
    await admission.#addRoutes()
    await admission.#app.ready()
    const { server } = admission.#app
    try {
      server.listen({ port, ...(host !== '' && { host }) })
      await once(server, 'listening')
    } catch (error) {
      await admission.close()
      const { code, message } = error as NodeJS.ErrnoException
      const at = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
      throw Object.assign(
        new Error(`Cannot serve webhooks on ${at}: ${message}`, { cause: error }),
        { code },
      )
    }
    server.on('error', () => {
      // accept() failed for one connection (out of descriptors, say): the next one may succeed.
    })
    return admission
  }

  get port(): number {
    return (this.#app.server.address() as AddressInfo).port
  }

  /** For connections to come; those that are open stay as they are. Throws where the two do not belong together. */
  setCertificate(certificate: KeyedCertificate): void {
    this.#app.server.setSecureContext(secureContext(certificate))
  }

  /**
   * From now on every answer ends its connection, so that API servers go elsewhere between two requests: closing a connection
   * that is not in use fails the request that is just being sent on it.
   */
  leave(): void {
    this.#state = 'leaving'
  }

  /** Takes no more reviews; those under way are answered, as long as that does not take too long. */
  async close(): Promise<void> {
    this.#state = 'closing'
    this.#patience.close()
    const closed = this.#app.close()
    this.#patience.closeIdle()
    const patience = setTimeout(() => this.#app.server.closeAllConnections(), this.#limits.closeMs)
    await closed
    clearTimeout(patience)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #addRoutes(): Promise<void> {
    const app = this.#app
    app.addHook('onRequest', (request, reply, done) => {
      const refusal = this.#begin(request, reply)
      if (refusal) void send(reply, refusal)
      else done()
    })
    app.setErrorHandler((error, request, reply) => {
      const refusal = refusalOf(error)
      if (!refusal) this.#logFault(error, request)
      void send(reply, refusal ?? { status: 500, message: 'Internal error' })
    })
    for (const [path, reviewer] of this.#options.reviewers) {
      app.post(path, async (request, reply) => this.#review(reviewer, request, reply))
    }
    const signalOf = (raw: object): AbortSignal =>
      this.#calls.get(raw as IncomingMessage)!.gone.signal
    await addPeerRoutes(app, this.#options.peers ?? new Map(), signalOf)
  }

  /** What can be said before the body has been read. */
  #begin({ raw, headers, method, url }: FastifyRequest, reply: FastifyReply): Refusal | undefined {
    const path = url.split('?', 1)[0]!
    const isKnown = this.#paths.has(path)
    const call: Call = {
      webhook: isKnown ? path.slice(1) : '',
      startedAt: performance.now(),
      gone: new AbortController(),
      operation: '',
      outcome: undefined,
    }
    this.#calls.set(raw, call)
    this.#patience.begin(raw)
    // Of chunked bodies only the limit is known.
    const bodyBytes = Math.min(
      Number(headers['content-length'] ?? this.#limits.bodyBytes),
      this.#limits.bodyBytes,
    )
    const hasRoom = this.#load.enter(bodyBytes)
    this.#metrics.inFlight = this.#load.requests
    reply.raw.once('close', () => {
      if (hasRoom) this.#load.leave(bodyBytes)
      this.#end(call, reply)
    })
    if (this.#state !== 'serving') void reply.header('connection', 'close')
    if (!isKnown) return { status: 404, message: 'Not Found' }
    if (method !== 'POST') {
      return { status: 405, message: 'Method Not Allowed', headers: { allow: 'POST' } }
    }
    if (this.#state === 'closing') return notNow(503, 'Shutting down')
    if (!this.#options.isReady()) return notNow(503, 'The cluster has not been read yet')
    return hasRoom ? undefined : notNow(429, 'Too many requests under way')
  }

  #end(call: Call, { raw, request }: FastifyReply): void {
    this.#patience.end(request.raw)
    call.gone.abort()
    this.#metrics.inFlight = this.#load.requests
    this.#metrics.count({
      ...call,
      code: raw.writableFinished ? String(raw.statusCode) : 'gone',
      tookMs: performance.now() - call.startedAt,
    })
  }

  async #review(
    reviewer: Reviewer,
    { raw, body, query }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const call = this.#calls.get(raw)!
    const envelope = readEnvelope(body)
    if (envelope.type === 'bad') return send(reply, { status: 400, message: envelope.message })
    const { operation, uid } = envelope.type === 'review' ? envelope.request : envelope
    call.operation = operation
    const decision =
      envelope.type === 'review'
        ? await reviewInTime(reviewer, envelope.request, {
            startedAt: call.startedAt,
            timeoutMs: readTimeout((query as Record<string, unknown>)['timeout']),
            gone: call.gone.signal,
          })
        : nothingToDo
    call.outcome = decision.outcome
    return reply.type('application/json').send(renderResponse(uid, decision, this.#patches))
  }

  /** Where it happened, not what was said: the message of an error may quote what somebody wrote into an object. */
  #logFault(error: unknown, { raw }: FastifyRequest): void {
    const { webhook, operation } = this.#calls.get(raw) ?? { webhook: '', operation: '' }
    const { name = 'unknown', stack = '' } = error instanceof Error ? error : {}
    const at = /^\s+at (.*)$/m.exec(stack)?.[1]
    this.#options.logger.error('a review has failed', { webhook, operation, error: name, at })
  }
}

function send(reply: FastifyReply, { status, message, headers = {} }: Refusal): FastifyReply {
  return reply.code(status).headers(headers).type('text/plain; charset=utf-8').send(`${message}\n`)
}
