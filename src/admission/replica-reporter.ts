import type { ApiClient } from '../client/api-client.ts'
import type { ApiTarget } from '../client/api-target.ts'
import { reportKey, reportText } from './replica-reports.ts'

export interface ReplicaReporterOptions {
  readonly client: ApiClient
  readonly lease: ApiTarget
  readonly identity: string
  readonly everyMs: number
  /** Unix time in milliseconds. */
  readonly clock: () => number
  readonly monotonic: () => number
}

/** Says in an annotation of the Lease what this replica serves, and that it is alive. */
export class ReplicaReporter {
  readonly #options: ReplicaReporterOptions
  #last: { readonly fingerprint: string; readonly atMs: number } | undefined

  constructor(options: ReplicaReporterOptions) {
    this.#options = options
  }

  /** Nothing where it was said lately. Throws a WatchError. */
  async report(fingerprint: string, signal: AbortSignal): Promise<void> {
    const { identity, everyMs, clock, monotonic } = this.#options
    const atMs = monotonic()
    const isSaid = this.#last?.fingerprint === fingerprint && atMs - this.#last.atMs < everyMs
    if (fingerprint === '' || isSaid) return
    const text = reportText(fingerprint, clock())
    if (await this.#annotate({ [reportKey(identity)]: text }, signal))
      this.#last = { fingerprint, atMs }
  }

  /** At the end: nobody has to wait for this replica. */
  async withdraw(signal: AbortSignal): Promise<void> {
    if (this.#last) await this.bury([reportKey(this.#options.identity)], signal)
  }

  /** Takes reports away. */
  async bury(keys: readonly string[], signal: AbortSignal): Promise<void> {
    if (keys.length > 0)
      await this.#annotate(Object.fromEntries(keys.map(key => [key, null])), signal)
  }

  async #annotate(annotations: object, signal: AbortSignal): Promise<boolean> {
    const { client, lease } = this.#options
    const { outcome } = await client.patch(lease, { metadata: { annotations } }, signal)
    return outcome === 'done'
  }
}
