import type { ApiClient } from '../client/api-client.ts'
import type { ApiTarget } from '../client/api-target.ts'
import type { Logger } from '../lib/logger.ts'
import { bundlePatch } from './ca-bundle.ts'

export interface BundleWriterOptions {
  readonly client: ApiClient
  readonly logger: Logger
  /** Names of MutatingWebhookConfigurations. */
  readonly configurations: readonly string[]
  readonly timing: { readonly bundleCheckMs: number }
  readonly monotonic: () => number
}

/** Keeps caBundle of the webhook configurations as it should be, whoever writes to them. */
export class BundleWriter {
  readonly #options: BundleWriterOptions
  #bundle = ''
  #sinceMs: number | undefined
  #checkedAtMs = -Infinity

  constructor(options: BundleWriterOptions) {
    this.#options = options
  }

  /** How long every configuration has had it; `undefined` where one has not. Throws a WatchError. */
  async keep(bundle: string, signal: AbortSignal): Promise<number | undefined> {
    const { configurations, timing, monotonic } = this.#options
    if (bundle !== this.#bundle) {
      this.#bundle = bundle
      this.#sinceMs = undefined
    }
    const isFresh = monotonic() - this.#checkedAtMs < timing.bundleCheckMs
    if (this.#sinceMs === undefined || !isFresh) {
      // Whatever fails in between: it is not known to be there.
      const sinceMs = this.#sinceMs
      this.#sinceMs = undefined
      const states = await Promise.all(configurations.map(name => this.#write(name, signal)))
      this.#checkedAtMs = monotonic()
      if (states.includes('unknown')) return undefined
      this.#sinceMs = states.includes('written') ? undefined : sinceMs
      this.#sinceMs ??= this.#checkedAtMs
    }
    return monotonic() - this.#sinceMs
  }

  async #write(name: string, signal: AbortSignal): Promise<'kept' | 'written' | 'unknown'> {
    const { client, logger } = this.#options
    const found = await client.get(targetOf(name), signal)
    // By a configuration that is not there nobody is called.
    if (found.outcome !== 'done') return 'kept'
    const patch = bundlePatch(found.object, this.#bundle)
    if (patch.length === 0) return 'kept'
    const { outcome } = await client.patch(targetOf(name), patch, signal)
    if (outcome !== 'done') return 'unknown'
    logger.info('wrote caBundle of a webhook configuration', { configuration: name })
    return 'written'
  }
}

function targetOf(name: string): ApiTarget {
  const group = 'admissionregistration.k8s.io'
  return { group, version: 'v1', plural: 'mutatingwebhookconfigurations', name }
}
