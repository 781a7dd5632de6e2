import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../lib/logger.ts'
import type { Ops } from '../ops/ops.ts'
import type { KubernetesSettings } from '../plugins/kubernetes/kubernetes-settings.ts'
import type { OpenSource } from './open-source.ts'
import { ProgrammingLatency } from './programming-latency.ts'
import type { ServedCluster } from './served-cluster.ts'

export interface ClusterFeedOptions {
  readonly cluster: ServedCluster
  readonly ops: Ops
  readonly logger: Logger
}

/** How often a start that waits for the API server says so. */
const waitLineMs = 500
const part = 'kubernetes'

/** Brings what a source tells to where it is answered: everything first, then what changes. */
export class ClusterFeed {
  readonly #opened: OpenSource
  readonly #options: ClusterFeedOptions
  #isClosed = false
  #readMs = 0
  #loadMs = 0

  constructor(opened: OpenSource, options: ClusterFeedOptions) {
    this.#opened = opened
    this.#options = options
    options.ops.setReady(part, false)
    options.ops.beforeScrape(() => opened.publish?.())
  }

  /** How long reading everything took, and how long making answers of it; 0 while it is not done. */
  get times(): { readonly readMs: number; readonly compileMs: number } {
    return { readMs: this.#readMs, compileMs: this.#loadMs }
  }

  /**
   * Resolves when everything is answered. A server that is away must not keep this one from its other zones: after
   * `startupTimeoutMs`, or at `stop`, it resolves all the same, and goes on waiting. Rejects where a folder cannot be read.
   */
  async start(startupTimeoutMs: number, stop?: AbortSignal): Promise<void> {
    const following = this.#follow()
    if (!this.#opened.mayBeLate) return await following
    const { logger } = this.#options
    const tell = setInterval(() => {
      logger.info('plugin/kubernetes: waiting for Kubernetes API before starting server')
    }, waitLineMs)
    const done = new AbortController()
    const signal = stop ? AbortSignal.any([stop, done.signal]) : done.signal
    const late = delay(startupTimeoutMs, 'late', { signal }).catch(() => 'stopped')
    const outcome = await Promise.race([following, late]).finally(() => clearInterval(tell))
    done.abort()
    if (outcome === undefined) return
    if (outcome === 'late') {
      logger.warn('plugin/kubernetes: starting server with unsynced Kubernetes API')
    }
    following.catch((error: unknown) => {
      if (!this.#isClosed) logger.error(`plugin/kubernetes: ${(error as Error).message}`)
    })
  }

  /** Makes the source tell what another plan needs. Rejects where it cannot, or not in `startup_timeout`. */
  async prepare({ pods, startupTimeoutMs }: KubernetesSettings): Promise<void> {
    const { source } = this.#opened
    if (pods !== 'verified' || !source.followPods) return
    this.#options.cluster.keepPods()
    const done = new AbortController()
    const late = delay(startupTimeoutMs, 'late', { signal: done.signal }).catch(() => 'done')
    const outcome = await Promise.race([source.followPods(), late])
    done.abort()
    if (outcome === 'late')
      throw new Error('Pods are not known yet: the API server has not listed them')
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#opened.source.close()
  }

  async #follow(): Promise<void> {
    const { source, server } = this.#opened
    const { cluster, ops, logger } = this.#options
    const startedAt = performance.now()
    const first = await source.read()
    const readAt = performance.now()
    cluster.load(first)
    ops.setReady(part, true)
    this.#readMs = readAt - startedAt
    this.#loadMs = performance.now() - readAt
    if (server !== undefined) {
      const names = cluster.answers.size
      logger.info(`plugin/kubernetes: synced with ${server}`, { names })
    }
    const latency = new ProgrammingLatency(cluster.store, ops.cells)
    source.watch(update => {
      cluster.change(update)
      latency.observe(update.triggers ?? [])
    })
  }
}
