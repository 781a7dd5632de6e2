import { X509Certificate } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServingCertificate } from '../admission/admission-app.ts'
import { AdmissionServer } from '../admission/admission-server.ts'
import type { Cidr } from '../lib/cidr.ts'
import type { Logger } from '../lib/logger.ts'
import { type HttpAddress, renderAddress } from '../ops/http-listener.ts'
import { AdmissionFeed } from './admission-feed.ts'
import { AdmissionOps } from './admission-ops.ts'
import { createAdmissionParts } from './admission-parts.ts'
import type { ApiOptions } from './cluster-options.ts'
import { openAccess } from './open-access.ts'

export interface AdmissionOptions {
  /** That of the pod that this runs in where it is not given. */
  readonly source: ApiOptions | undefined
  readonly listen: HttpAddress
  readonly health: HttpAddress
  readonly metrics: HttpAddress
  readonly certificate: ServingCertificate
  readonly serviceCidrs: readonly Cidr[]
  /** The text of a file of policies. */
  readonly policies: string | undefined
  /** How long everything is still answered once the shutdown has begun. */
  readonly drainMs: number
  readonly logger: Logger
}

const part = 'cluster'

/** The admission server as a program: API server ─▶ reflectors ─▶ reviewers ◀─ webhooks, with probes and metrics. */
export class Admission implements AsyncDisposable {
  readonly #options: AdmissionOptions
  readonly #ops: AdmissionOps
  readonly #feed: AdmissionFeed
  readonly #server: AdmissionServer

  private constructor(
    options: AdmissionOptions,
    parts: {
      readonly ops: AdmissionOps
      readonly feed: AdmissionFeed
      readonly server: AdmissionServer
    },
  ) {
    this.#options = options
    this.#ops = parts.ops
    this.#feed = parts.feed
    this.#server = parts.server
  }

  /** Binds, and begins to read the cluster: until that is done reviews are put off. Rejects where it cannot be, a StartError included. */
  static async start(options: AdmissionOptions): Promise<Admission> {
    const { logger, listen, certificate } = options
    const access = await openAccess(options.source)
    const ops = new AdmissionOps()
    const { cells, readiness } = ops
    readiness.set(part, false)
    const parts = createAdmissionParts({ ...options, cells })
    let feed: AdmissionFeed | undefined
    const publish = (): void => {
      feed?.publish()
      parts.publish()
    }
    try {
      await ops.open(options, publish)
      const server = await AdmissionServer.open(
        {
          reviewers: parts.reviewers,
          peers: parts.peers,
          certificate,
          isReady: () => feed?.isSynced ?? false,
          logger,
          cells,
        },
        listen,
      )
      tellExpiry(certificate, ops)
      feed = new AdmissionFeed(parts.resources, {
        access,
        logger,
        cells,
        onSynced: () => {
          readiness.set(part, true)
          logger.info('the cluster has been read: reviews are answered')
        },
      })
      logger.info('serving webhooks', {
        listen: renderAddress({ ...listen, port: server.port }),
        health: renderAddress({ ...options.health, port: ops.portOf(options.health)! }),
        metrics: renderAddress({ ...options.metrics, port: ops.portOf(options.metrics)! }),
        paths: [...parts.reviewers.keys()].join(' '),
        server: access.server,
        reading: feed.waitingFor.join(' '),
      })
      return new Admission(options, { ops, feed, server })
    } catch (error) {
      await ops.close()
      throw error
    }
  }

  /** Another certificate for connections to come. Throws where its parts do not belong together. */
  setCertificate(certificate: ServingCertificate): void {
    this.#server.setCertificate(certificate)
    tellExpiry(certificate, this.#ops)
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
    await this.#ops.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function tellExpiry({ cert }: ServingCertificate, { cells }: AdmissionOps): void {
  const endsAt = Date.parse(new X509Certificate(cert).validTo) / 1000
  cells
    .gauge('signpost_admission_certificate_expiry_timestamp_seconds', { certificate: 'serving' })
    .set(endsAt)
}
