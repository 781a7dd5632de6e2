import { X509Certificate } from 'node:crypto'
import type { ApiBody, ApiClient } from '../client/api-client.ts'
import type { ApiTarget } from '../client/api-target.ts'
import type { Logger } from '../lib/logger.ts'
import type { RawObject } from '../objects/raw-value.ts'
import type { ApiObject } from '../reflector/reflector-sink.ts'
import { BundleWriter } from './bundle-writer.ts'
import {
  bundleOf,
  type CertificateContents,
  readContents,
  renderContents,
} from './certificate-contents.ts'
import { factsOf, withoutUnreadable } from './certificate-facts.ts'
import { issueAuthority, issueLeaf } from './certificate-issuer.ts'
import { type CertificateStep, type CertificateView, planCertificates } from './certificate-plan.ts'
import type { KeyedCertificate } from './certificate-source.ts'
import type { CertificateTiming } from './certificate-timing.ts'
import { ReplicaReports } from './replica-reports.ts'
import { fingerprintOf } from './served-certificate.ts'

export interface CertificateKeeperOptions {
  readonly client: ApiClient
  readonly logger: Logger
  readonly namespace: string
  readonly secret: string
  readonly service: string
  readonly configurations: readonly string[]
  readonly timing: CertificateTiming
  /** Unix time in milliseconds. */
  readonly clock: () => number
  readonly monotonic: () => number
}

/** Writes the Secret and the bundles: as the first replica of all, and as the leader. */
export class CertificateKeeper {
  readonly #options: CertificateKeeperOptions
  readonly #target: ApiTarget
  readonly #names: readonly string[]
  readonly #bundles: BundleWriter
  readonly #reports: ReplicaReports
  /** The stage that this replica has seen as the leader, and since when. */
  #stage = { bundle: '', sinceMs: 0 }

  constructor(options: CertificateKeeperOptions) {
    const { namespace, secret, service, timing } = options
    this.#options = options
    this.#target = { group: '', version: 'v1', plural: 'secrets', namespace, name: secret }
    // The API server asks for the first one; the other is for people who try it.
    this.#names = [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`]
    this.#bundles = new BundleWriter(options)
    this.#reports = new ReplicaReports(timing.reportLifeMs)
  }

  /** Where there is no Secret. Who loses the race sees the winner's. */
  async create(signal: AbortSignal): Promise<void> {
    const { client, logger } = this.#options
    const answer = await client.create(this.#target, this.#body({}, await this.#new()), signal)
    if (answer.outcome === 'done') logger.info('made an authority and a certificate for webhooks')
    if (answer.outcome === 'missing')
      logger.warn(`Cannot create a Secret: there is no namespace "${this.#options.namespace}"`)
  }

  /** What replicas say of themselves. */
  observe(annotations: RawObject): void {
    this.#reports.observe(annotations, this.#options.monotonic())
  }

  /** Reports that nobody renews. */
  dead(): readonly string[] {
    return this.#reports.dead(this.#options.monotonic())
  }

  /** The next thing to do, if there is one. Throws a WatchError. */
  async lead(secret: ApiObject, signal: AbortSignal): Promise<void> {
    const { client, timing, logger } = this.#options
    const found = readContents(secret)
    const contents = found && withoutUnreadable(found)
    const step = planCertificates(await this.#view(contents, signal), timing)
    if (step === 'wait') return
    const next = await this.#after(step, contents)
    // Conflict: somebody has written since; the watch brings it, and the next round looks anew.
    const { outcome } = await client.replace(this.#target, this.#body(secret, next), signal)
    if (outcome === 'done') logger.info(tellings[step])
  }

  async #view(
    contents: CertificateContents | undefined,
    signal: AbortSignal,
  ): Promise<CertificateView> {
    const { clock, monotonic } = this.#options
    const nowMs = clock()
    const { authority, leaf } = contents
      ? factsOf(contents, this.#names)
      : { authority: undefined, leaf: undefined }
    // What is no certificate must not come into caBundle.
    if (!contents || !authority) return { ...nothing, nowMs }
    const bundledForMs = await this.#bundles.keep(bundleOf(contents), signal)
    return {
      nowMs,
      authority,
      leaf,
      stage: stageOf(contents),
      bundledForMs,
      inStageForMs: this.#inStageForMs(contents),
      lagging: this.#reports.lagging(fingerprintOf(contents.leaf.cert), monotonic()),
    }
  }

  #inStageForMs(contents: CertificateContents): number {
    const bundle = bundleOf(contents)
    const nowMs = this.#options.monotonic()
    if (bundle !== this.#stage.bundle) this.#stage = { bundle, sinceMs: nowMs }
    return nowMs - this.#stage.sinceMs
  }

  async #after(
    step: Exclude<CertificateStep, 'wait'>,
    contents: CertificateContents | undefined,
  ): Promise<CertificateContents> {
    if (step === 'create' || !contents) return this.#new()
    const { authority, leaf, next } = contents
    if (step === 'renew-leaf') return { ...contents, leaf: await this.#leaf(authority) }
    if (step === 'announce') return { ...contents, next: await this.#authority() }
    if (step === 'drop') return { authority, leaf }
    return { authority: next!, leaf: await this.#leaf(next!), previous: authority.cert }
  }

  async #new(): Promise<CertificateContents> {
    const authority = await this.#authority()
    return { authority, leaf: await this.#leaf(authority) }
  }

  #authority(): Promise<KeyedCertificate> {
    const { clock, timing, service } = this.#options
    const fromMs = clock()
    return issueAuthority(`${service} webhooks`, { fromMs, toMs: fromMs + timing.authorityLifeMs })
  }

  #leaf(authority: KeyedCertificate): Promise<KeyedCertificate> {
    const { clock, timing } = this.#options
    const fromMs = clock()
    const endMs = new X509Certificate(authority.cert).validToDate.getTime()
    const toMs = Math.min(fromMs + timing.leafLifeMs, endMs)
    return issueLeaf(authority, this.#names, { fromMs, toMs })
  }

  /** With what is said of it beside its contents, and its version. */
  #body(secret: RawObject, contents: CertificateContents): ApiBody {
    const metadata = { ...(secret['metadata'] as RawObject | undefined) }
    const data = renderContents(contents)
    return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data }
  }
}

const nothing = {
  authority: undefined,
  leaf: undefined,
  stage: 'stable',
  bundledForMs: undefined,
  inStageForMs: 0,
  lagging: [],
} as const

const tellings = {
  create: 'made a new authority for webhooks: the Secret had none that could be used',
  'renew-leaf': 'renewed the certificate of the webhooks',
  announce: 'made the next authority for webhooks, and tell the API server of it',
  switch: 'replicas now serve what the next authority signed',
  drop: 'the authority before is trusted no more: no replica serves what it signed',
} as const

function stageOf({ next, previous }: CertificateContents): CertificateView['stage'] {
  if (next) return 'announced'
  return previous === undefined ? 'stable' : 'switched'
}
