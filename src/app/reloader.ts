import { CorefileError } from '../corefile/corefile-error.ts'
import type { Counter } from '../lib/metric-cells.ts'
import type { Logger } from '../lib/logger.ts'
import type { LoadedPlan } from './server.ts'
import type { ServingPlan } from './serving-plan.ts'
import { reload, type ReloadSettings } from '../plugins/reload/reload.ts'

export interface ReloaderOptions {
  readonly logger: Logger
  /** Reads and checks everything; throws for what cannot be served. */
  readonly load: () => LoadedPlan
  readonly apply: (plan: ServingPlan) => Promise<void>
  /** Counts changes that could not be taken. */
  readonly failures: Counter
  /** Hears the SHA-512 of what is in force, at the start and after every change. */
  readonly onLoaded: (sha512: string) => void
}

/**
 * Follows the Corefile and what it imports: a change that every plugin accepts is applied in place, one that does not leaves all
 * as it is. Logs in CoreDNS's words, which people and scripts look for.
 */
export class Reloader {
  readonly #options: ReloaderOptions
  #sha512: string
  #refused = ''
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isClosed = false

  constructor(sha512: string, options: ReloaderOptions) {
    this.#sha512 = sha512
    this.#options = options
    options.onLoaded(sha512)
  }

  /** Looks at the files as often as the plan says; not at all without the directive `reload`. */
  follow(plan: ServingPlan): void {
    clearTimeout(this.#timer)
    const [settings] = plan.settingsOf(reload)
    if (!settings) return
    this.#options.logger.info(`plugin/reload: Running configuration SHA512 = ${this.#sha512}`)
    this.#schedule(settings)
  }

  /** Looks now. One look at a time: a second call waits for the first. */
  async reload(): Promise<void> {
    await this.#running
    this.#running = this.#look()
    await this.#running
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#isClosed = true
  }

  #schedule(settings: ReloadSettings): void {
    const { intervalMs, jitterMs } = settings
    // Replicas that look at the same moment would all change at the same moment.
    const delayMs = intervalMs + Math.random() * jitterMs
    this.#timer = setTimeout(() => {
      void this.#lookAndSchedule(settings)
    }, delayMs).unref()
  }

  async #lookAndSchedule(settings: ReloadSettings): Promise<void> {
    const timer = this.#timer
    await this.reload()
    // A change that was applied has its own schedule; one that was not leaves this one.
    if (this.#timer === timer && !this.#isClosed) this.#schedule(settings)
  }

  async #look(): Promise<void> {
    const { logger, load, apply } = this.#options
    try {
      const { plan, sha512 } = load()
      if (sha512 === this.#sha512) return
      logger.info('Reloading')
      await apply(plan)
      this.#sha512 = sha512
      this.#options.onLoaded(sha512)
      this.#refused = ''
      logger.info('Reloading complete')
      this.follow(plan)
    } catch (error) {
      // What is in force stays: a configuration that cannot be read must not end the one that can.
      const message = (error as Error).message
      if (message === this.#refused) return
      this.#refused = message
      this.#options.failures.add()
      logger.error(
        error instanceof CorefileError
          ? `plugin/reload: Corefile not changed: ${message}`
          : `plugin/reload: Corefile not changed: cannot reload: ${message}`,
      )
    }
  }
}
