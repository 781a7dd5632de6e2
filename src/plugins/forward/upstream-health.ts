import { backOffMs } from '../../lib/back-off.ts'

interface HealthOptions {
  /** Failures in a row that make an upstream down; 0 for never. */
  readonly maxFails: number
  readonly intervalMs: number
  /** Asks whether the upstream answers anything at all. */
  readonly probe: () => Promise<boolean>
  readonly onProbeFailure: () => void
  /** It was down and answers again. */
  readonly onRecovery: () => void
}

const longestIntervalMs = 10_000
const shortestIntervalMs = 50

/**
 * Whether an upstream is worth asking. After a failure it is probed until it answers, at first every half second, then less
 * often; an answer to anybody ends that.
 */
export class UpstreamHealth {
  readonly #options: HealthOptions
  #fails = 0
  #probes = 0
  #isProbing = false
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: HealthOptions) {
    this.#options = options
  }

  get isDown(): boolean {
    const { maxFails } = this.#options
    return maxFails > 0 && this.#fails >= maxFails
  }

  succeeded(): void {
    const wasDown = this.isDown
    this.#fails = 0
    this.#probes = 0
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (wasDown) this.#options.onRecovery()
  }

  /** The upstream has not answered: it is probed at once. */
  failed(): void {
    if (this.#options.maxFails === 0) return
    this.#fails++
    if (!this.#isProbing && this.#timer === undefined) void this.#probe()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  async #probe(): Promise<void> {
    this.#isProbing = true
    this.#timer = undefined
    const isAlive = await this.#options.probe().catch(() => false)
    this.#isProbing = false
    if (this.#isClosed) return
    if (isAlive) return this.succeeded()
    this.#fails++
    this.#options.onProbeFailure()
    const waitMs = backOffMs(++this.#probes, {
      firstMs: Math.max(this.#options.intervalMs, shortestIntervalMs),
      maxMs: Math.max(this.#options.intervalMs, longestIntervalMs),
    })
    this.#timer = setTimeout(() => void this.#probe(), waitMs).unref()
  }
}
