import { X509Certificate } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { AdmissionServer } from '../admission/admission-server.ts'
import type { CertificateSource, KeyedCertificate } from '../admission/certificate-source.ts'
import type { Cidr } from '../lib/cidr.ts'
import type { Logger } from '../lib/logger.ts'
import { type HttpAddress, renderAddress } from '../ops/http-listener.ts'
import { AdmissionFeed } from './admission-feed.ts'
import { AdmissionOps } from './admission-ops.ts'
import { type CertificateOptions, openCertificates } from './admission-certificates.ts'
import { AdmissionParts } from './admission-parts.ts'
import { type AdmissionPod, AdmissionReplicas } from './admission-replicas.ts'
import type { ApiOptions } from './cluster-options.ts'
import { openAccess } from './open-access.ts'

export interface AdmissionOptions {
  /** That of the pod that this runs in where it is not given. */
  readonly source: ApiOptions | undefined
  readonly listen: HttpAddress
  readonly health: HttpAddress
  readonly metrics: HttpAddress
  readonly certificates: CertificateOptions
  /** `undefined` where this is no pod of a Service, and so the only one. */
  readonly pod: AdmissionPod | undefined
  readonly serviceCidrs: readonly Cidr[]
  readonly policies: { readonly path: string; readonly text: string } | undefined
  readonly configMaps: 'write' | 'leave'
  /** Ends the wait for the first certificate. */
  readonly stop: AbortSignal
  /** How long everything is still answered once the shutdown has begun. */
  readonly drainMs: number
  readonly logger: Logger
}

const part = 'cluster'

interface AdmissionState {
  readonly ops: AdmissionOps
  readonly feed: AdmissionFeed
  readonly server: AdmissionServer
  /** All that ends after the server. */
  readonly stack: AsyncDisposableStack
}

/** The admission server as a program: API server ─▶ reflectors ─▶ reviewers ◀─ webhooks, with probes and metrics. */
export class Admission implements AsyncDisposable {
  readonly #options: AdmissionOptions
  readonly #ops: AdmissionOps
  readonly #feed: AdmissionFeed
  readonly #server: AdmissionServer
  readonly #stack: AsyncDisposableStack

  private constructor(options: AdmissionOptions, { ops, feed, server, stack }: AdmissionState) {
    this.#options = options
    this.#ops = ops
    this.#feed = feed
    this.#server = server
    this.#stack = stack
  }

  /**
   * Serves probes, waits for a certificate, binds, and begins to read the cluster: until that is done reviews are put off. Rejects
   * where it cannot be, a StartError included, and with `stop`.
   */
  static async start(options: AdmissionOptions): Promise<Admission> {
    await using stack = new AsyncDisposableStack()
    const { logger, listen, pod, stop } = options
    const access = await openAccess(options.source)
    const ops = new AdmissionOps()
    const { cells, readiness } = ops
    readiness.set(part, false)
    const publishers: (() => void)[] = []
    stack.defer(() => ops.close())
    await ops.open(options, () => publishers.forEach(publish => publish()))
    const certificates = stack.use(
      await openCertificates(options.certificates, { access, logger }, stop),
    )
    const replicas = pod && stack.use(new AdmissionReplicas(pod, certificates))
    const parts = stack.use(new AdmissionParts({ ...options, access, replicas, cells }))
    let isSynced = false
    const server = await AdmissionServer.open(
      {
        reviewers: parts.reviewers,
        peers: parts.peers,
        certificate: certificates.current(),
        isReady: () => isSynced,
        logger,
        cells,
      },
      listen,
    )
    stack.defer(() => server.close())
    followCertificates(certificates, { server, ops })
    const feed = new AdmissionFeed(parts.resources, {
      access,
      logger,
      cells,
      onSynced: () => {
        isSynced = true
        readiness.set(part, true)
        logger.info('the cluster has been read: reviews are answered')
      },
    })
    publishers.push(
      () => feed.publish(),
      () => parts.publish(),
    )
    logger.info('serving webhooks', {
      listen: renderAddress({ ...listen, port: server.port }),
      health: renderAddress({ ...options.health, port: ops.portOf(options.health)! }),
      metrics: renderAddress({ ...options.metrics, port: ops.portOf(options.metrics)! }),
      paths: [...parts.reviewers.keys()].join(' '),
      server: access.server,
      reading: feed.waitingFor.join(' '),
    })
    return new Admission(options, { ops, feed, server, stack: stack.move() })
  }

  /**
   * Stops in order: `/readyz` says no at once, everything is answered with live data until no API server should come any more,
   * and then the rest of {@link close}.
   */
  async shutDown(): Promise<void> {
    const { drainMs, logger } = this.#options
    this.#ops.readiness.end()
    this.#server.leave()
    if (drainMs > 0) {
      logger.info(`answering for ${drainMs / 1000} s more`)
      await delay(drainMs)
    }
    await this.close()
  }

  /** No more reviews, then no more changes, and the probes last. */
  async close(): Promise<void> {
    await this.#server.close()
    await this.#feed.close()
    await this.#stack.disposeAsync()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function followCertificates(
  certificates: CertificateSource,
  { server, ops }: { readonly server: AdmissionServer; readonly ops: AdmissionOps },
): void {
  tellExpiry(certificates.current(), ops)
  certificates.onChange(certificate => {
    server.setCertificate(certificate)
    tellExpiry(certificate, ops)
  })
}

function tellExpiry({ cert }: KeyedCertificate, { cells }: AdmissionOps): void {
  const endsAt = Date.parse(new X509Certificate(cert).validTo) / 1000
  cells
    .gauge('signpost_admission_certificate_expiry_timestamp_seconds', { certificate: 'serving' })
    .set(endsAt)
}
