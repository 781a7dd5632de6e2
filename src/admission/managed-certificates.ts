import type { ApiClient } from '../client/api-client.ts'
import type { Logger } from '../lib/logger.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import type { ApiObject } from '../reflector/reflector-sink.ts'
import { CertificateKeeper } from './certificate-keeper.ts'
import { bundleOf, readContents } from './certificate-contents.ts'
import { factsOf, withoutUnreadable } from './certificate-facts.ts'
import type { CertificateSource, KeyedCertificate } from './certificate-source.ts'
import { type CertificateTiming, defaultCertificateTiming } from './certificate-timing.ts'
import { LeaseElector } from './lease-elector.ts'
import { ReplicaReporter } from './replica-reporter.ts'
import { SecretWatch } from './secret-watch.ts'
import { ServedCertificate } from './served-certificate.ts'

export interface ManagedCertificatesOptions {
  readonly access: ApiAccess
  readonly client: ApiClient
  readonly logger: Logger
  /** Of the Secret, the Lease and the Service. */
  readonly namespace: string
  readonly secret: string
  readonly lease: string
  readonly service: string
  /** The name of this replica's Pod. */
  readonly identity: string
  /** Names of the MutatingWebhookConfigurations whose caBundle is looked after. */
  readonly configurations: readonly string[]
  readonly timing?: Partial<CertificateTiming>
  /** Unix time in milliseconds. */
  readonly clock?: () => number
}

/**
 * An authority of our own and what it signs, in one Secret that all replicas share. Whoever is first makes it; a leader renews
 * it and tells the webhook configurations whom to trust. See {@link planCertificates} for the order that leaves no gap.
 */
export class ManagedCertificates implements CertificateSource {
  readonly #options: ManagedCertificatesOptions
  readonly #timing: CertificateTiming
  readonly #served = new ServedCertificate()
  readonly #elector: LeaseElector
  readonly #keeper: CertificateKeeper
  readonly #reporter: ReplicaReporter
  readonly #stop = new AbortController()
  #secret: { readonly object: ApiObject | undefined } | undefined
  #trusted = ''
  #wake = (): void => {}
  #trouble: string | undefined
  #running: Promise<unknown> | undefined

  private constructor(options: ManagedCertificatesOptions) {
    const { access, client, logger, namespace, clock = Date.now } = options
    this.#options = options
    const timing = { ...defaultCertificateTiming, ...options.timing }
    this.#timing = timing
    this.#elector = new LeaseElector({
      client,
      namespace,
      name: options.lease,
      identity: options.identity,
      timing,
      clock,
      monotonic,
    })
    this.#keeper = new CertificateKeeper({
      client,
      logger,
      namespace,
      secret: options.secret,
      service: options.service,
      configurations: options.configurations,
      timing,
      clock,
      monotonic,
    })
    this.#reporter = new ReplicaReporter({
      client,
      lease: this.#elector.target,
      identity: options.identity,
      everyMs: timing.reportMs,
      clock,
      monotonic,
    })
    const watch = new SecretWatch({
      access,
      logger,
      namespace,
      name: options.secret,
      onSecret: secret => this.#take(secret),
    })
    this.#running = Promise.all([watch.run(this.#stop.signal), this.#run(this.#stop.signal)])
  }

  /** Waits for the first certificate, as long as it takes; rejects with the signal. */
  static async open(
    options: ManagedCertificatesOptions,
    signal: AbortSignal,
  ): Promise<ManagedCertificates> {
    signal.throwIfAborted()
    const source = new ManagedCertificates(options)
    try {
      await source.#served.arrived(signal)
      return source
    } catch (error) {
      await source[Symbol.asyncDispose]()
      throw error
    }
  }

  get notAfterMs(): number {
    return this.#served.notAfterMs
  }

  get trusted(): string {
    return this.#trusted
  }

  /** It looks after the certificates of all replicas. */
  get isLeader(): boolean {
    return this.#elector.isLeader
  }

  current(): KeyedCertificate {
    return this.#served.current()
  }

  onChange(listener: (certificate: KeyedCertificate) => void): () => void {
    return this.#served.onChange(listener)
  }

  /** Says goodbye, so that another one leads at once and nobody waits for this one. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
    const signal = AbortSignal.timeout(this.#timing.goodbyeMs)
    try {
      await this.#reporter.withdraw(signal)
      await this.#elector.release(signal)
    } catch {
      // Without a goodbye the others wait until the lease and the report have grown old.
    }
  }

  #take(object: ApiObject | undefined): void {
    const { logger, namespace, secret: name } = this.#options
    this.#secret = { object }
    const contents = object && readContents(object)
    // Before it is served: who is told of it may ask another replica at once.
    if (contents && factsOf(contents, []).authority)
      this.#trusted = bundleOf(withoutUnreadable(contents))
    const problem = contents && this.#served.set(contents.leaf)
    if (problem !== undefined)
      logger.warn(`Cannot serve the certificate in Secret "${namespace}/${name}": ${problem}`)
    this.#wake()
  }

  async #run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake())
    while (!signal.aborted) {
      const woken = Promise.withResolvers<void>()
      // Before the round: what changes while it lasts is not to be missed.
      this.#wake = woken.resolve
      // oxlint-disable-next-line no-await-in-loop
      await this.#round(signal)
      const timer = setTimeout(woken.resolve, this.#timing.roundMs)
      if (signal.aborted) woken.resolve()
      // oxlint-disable-next-line no-await-in-loop
      await woken.promise
      clearTimeout(timer)
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    try {
      if (this.#secret && !this.#secret.object) await this.#keeper.create(signal)
      await this.#elector.step(signal)
      await this.#reporter.report(this.#served.fingerprint, signal)
      if (this.#elector.isLeader && this.#secret?.object)
        await this.#lead(this.#secret.object, signal)
      this.#trouble = undefined
    } catch (error) {
      // Any of it is tried again in the next round, for ever; a replica serves what it has meanwhile.
      const { message } = error as Error
      if (!signal.aborted && message !== this.#trouble) this.#options.logger.warn(message)
      this.#trouble = message
    }
  }

  async #lead(secret: ApiObject, signal: AbortSignal): Promise<void> {
    this.#keeper.observe(this.#elector.annotations)
    await this.#keeper.lead(secret, signal)
    await this.#reporter.bury(this.#keeper.dead(), signal)
  }
}

function monotonic(): number {
  return performance.now()
}
