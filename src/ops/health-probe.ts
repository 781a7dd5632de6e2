import { get } from 'node:http'
import type { Logger } from '../lib/logger.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import { slimSecondsBuckets } from './buckets.ts'

const timeoutMs = 3000
/** A request to ourselves that takes so long means that the control thread is overloaded. */
const slowMs = 1000

export interface HealthProbeOptions {
  readonly port: number
  /** Empty when the endpoint listens on every address. */
  readonly host: string
  readonly everyMs: number
  readonly cells: MetricCells
  readonly logger: Logger
}

/** Asks our own health endpoint again and again and counts how long that takes. */
export class HealthProbe {
  readonly #options: HealthProbeOptions
  readonly #timer: NodeJS.Timeout
  readonly #end = new AbortController()

  constructor(options: HealthProbeOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#probe(), options.everyMs).unref()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#end.abort()
  }

  async #probe(): Promise<void> {
    const { cells, logger } = this.#options
    const startedAt = performance.now()
    const error = await this.#request()
    if (this.#end.signal.aborted) return
    const durationMs = performance.now() - startedAt
    cells
      .histogram('coredns_health_request_duration_seconds', slimSecondsBuckets)
      .observe(durationMs / 1000)
    if (error) {
      cells.counter('coredns_health_request_failures_total').add()
      logger.warn('the local health request failed', { error: error.message })
    } else if (durationMs > slowMs) {
      logger.warn('the local health request was slow', { durationMs: Math.round(durationMs) })
    }
  }

  /** Resolves with what went wrong, if anything. */
  async #request(): Promise<Error | undefined> {
    const { host, port } = this.#options
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(timeoutMs)])
    const { promise, resolve } = Promise.withResolvers<Error | undefined>()
    get({ host: probedHost(host), port, path: '/health', signal, agent: false }, response => {
      response.resume().once('close', () => resolve(undefined))
      if (response.statusCode !== 200) resolve(new Error(`status ${response.statusCode}`))
    }).once('error', resolve)
    return promise
  }
}

function probedHost(host: string): string {
  if (host === '::') return '::1'
  return host === '' || host === '0.0.0.0' || host === 'localhost' ? '127.0.0.1' : host
}
