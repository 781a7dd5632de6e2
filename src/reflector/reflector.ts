import { setTimeout as sleep } from 'node:timers/promises'
import {
  answerError,
  behindError,
  briefError,
  internalError,
  protocolError,
} from './answer-error.ts'
import type { ApiAccess } from './api-access.ts'
import type { ApiCall } from './api-call.ts'
import { streamedListQuery, watchQuery } from './api-path.ts'
import type { ApiResource } from './api-resource.ts'
import { CollectionClient } from './collection-client.ts'
import type { ListPage } from './list-page.ts'
import { type ReflectorCounters, zeroCounters } from './reflector-counters.ts'
import type { ReflectorObserver } from './reflector-observer.ts'
import type { ReflectorSink } from './reflector-sink.ts'
import { defaultTiming, type ReflectorTiming } from './reflector-timing.ts'
import { isOlderVersion } from './resource-version.ts'
import {
  type ListFreshness,
  RetryPolicy,
  type RetrySituation,
  type RetryStep,
} from './retry-policy.ts'
import { SinkWriter } from './sink-writer.ts'
import { TroubleReport } from './trouble-report.ts'
import { WatchError } from './watch-error.ts'
import type { WatchFrame } from './watch-frame.ts'
import { readWatch } from './watch-reader.ts'

export interface ReflectorOptions {
  readonly access: ApiAccess
  readonly resource: ApiResource
  readonly sink: ReflectorSink
  readonly observer: ReflectorObserver
  readonly timing?: Partial<ReflectorTiming>
  /** From 0 up to 1. */
  readonly random?: () => number
  /** Unix time in milliseconds. */
  readonly clock?: () => number
}

type Bookmark = Extract<WatchFrame, { kind: 'bookmark' }>

/**
 * Keeps a sink equal to one collection of an API server, for months: lists, watches, resumes, and lists again when there is no
 * other way. It never gives up and never goes backwards to less than what it has; the sink keeps its objects while they are listed.
 *
 *     ┌─▶ sync ── all objects seen, the rest swept ──▶ watch ─── silent ──▶ probe
 *     │    │▲                                          │▲ │▲                 ││
 *     │    └┘ failed: again                            │└─┘└─ server is well ┘│
 *     └── gone, behind, stuck, to verify ──────────────┴─── server is behind ─┘
 */
export class Reflector {
  readonly counters: ReflectorCounters = zeroCounters()
  readonly #client: CollectionClient
  readonly #resource: ApiResource
  readonly #observer: ReflectorObserver
  readonly #timing: ReflectorTiming
  readonly #random: () => number
  readonly #clock: () => number
  readonly #writer: SinkWriter
  readonly #policy: RetryPolicy
  readonly #troubles: TroubleReport
  #plan: 'sync' | 'watch' | 'probe' = 'sync'
  #freshness: ListFreshness = 'fresh'
  #listsInPages = false
  #hasSynced = false
  /** Of the last event that was applied, or of the list. */
  #version = ''
  /** The present watch has brought something. */
  #hasMoved = false
  /** Set from the decision to verify until the first try. */
  #verifiedVersion: string | undefined
  #verifyAt = Infinity

  constructor(options: ReflectorOptions) {
    const { access, resource, sink, observer } = options
    this.#resource = resource
    this.#observer = observer
    this.#timing = { ...defaultTiming, ...options.timing }
    this.#random = options.random ?? Math.random
    this.#clock = options.clock ?? Date.now
    this.#client = new CollectionClient({
      access,
      resource,
      timing: this.#timing,
      clock: this.#clock,
      heard: () => (this.counters.lastByteAt = this.#clock()),
      requested: request => this.#observer.requested(request),
    })
    this.#writer = new SinkWriter({ sink, observer, counters: this.counters })
    this.#policy = new RetryPolicy(this.#timing)
    this.#troubles = new TroubleReport(observer)
    this.counters.relists.start++
  }

  /** The sink has once had all objects. */
  get hasSynced(): boolean {
    return this.#hasSynced
  }

  /** Resolves when the signal is aborted and nothing is left open; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const delayMs = await this.#step(signal)
      // Aborting ends the sleep with an error that says nothing new.
      if (!signal.aborted) await sleep(delayMs, undefined, { signal }).catch(() => {})
    }
  }

  /** One request, and how long to wait before the next. */
  async #step(signal: AbortSignal): Promise<number> {
    try {
      const doing = this.#doing()
      if (doing === 'listing pages') await this.#listPages(signal)
      else if (doing === 'probing') await this.#probe(signal)
      else await this.#watch(signal)
      if (this.#plan !== 'sync' && this.#clock() >= this.#verifyAt) this.#verify()
      return this.#policy.ended(this.#random())
    } catch (error) {
      return signal.aborted ? 0 : this.#failed(error)
    }
  }

  #doing(): RetrySituation['doing'] {
    if (this.#plan === 'watch') return 'watching'
    if (this.#plan === 'probe') return 'probing'
    return this.#listsInPages ? 'listing pages' : 'streaming a list'
  }

  #failed(thrown: unknown): number {
    const error =
      thrown instanceof WatchError ? thrown : internalError(this.#client.asked('watch'), thrown)
    const doing = this.#doing()
    this.#writer.settle('watching')
    if (doing === 'watching' && error.code === 'silent') {
      // No event need come for hours; whether the server is there, and not behind us, a small list says.
      this.#plan = 'probe'
      return this.#policy.ended(this.#random())
    }
    const step = this.#policy.failed(error.code, {
      doing,
      hasSynced: this.#hasSynced,
      retryAfterMs: error.retryAfterMs,
      chance: this.#random(),
    })
    if (step.inPages) this.#listsInPages = true
    else this.#troubles.failed(error, this.#hasSynced)
    if (step.relist) this.#relist(step.relist)
    return step.delayMs
  }

  #relist({ cause, freshness }: NonNullable<RetryStep['relist']>): void {
    if (cause !== 'start') this.counters.relists[cause]++
    this.#plan = 'sync'
    this.#freshness = freshness
    this.#verifiedVersion = undefined
  }

  #verify(): void {
    this.#relist({ cause: 'verify', freshness: 'fresh' })
    this.#verifiedVersion = this.#version
  }

  /** A list as a stream that goes on as a watch, or a watch alone. */
  async #watch(signal: AbortSignal): Promise<void> {
    const isSync = this.#plan === 'sync'
    if (isSync) this.#beginSync()
    else this.counters.reconnects++
    const { watchFromSeconds: from, watchToSeconds: to, overdueMs } = this.#timing
    const seconds = from + Math.floor(this.#random() * (to - from + 1))
    const query = isSync
      ? streamedListQuery(this.#listedFrom(), seconds)
      : watchQuery(this.#version, seconds)
    const startedAt = this.#clock()
    await using call = await this.#client.open(query, {
      signal,
      silenceMs: isSync ? this.#timing.unfinishedMs : this.#timing.silenceMs,
      deadlineMs: seconds * 1000 + overdueMs,
    })
    let frames = 0
    this.#hasMoved = false
    // Nothing need come for a long time, so that it stands is all that shows that it works.
    const lasting = setTimeout(() => this.#lasted(), this.#timing.longWatchMs)
    await readWatch({
      call,
      timing: this.#timing,
      take: frame => {
        frames++
        this.#take(frame, call)
      },
      settle: () => this.#writer.settle(this.#plan === 'sync' ? 'syncing' : 'watching'),
    }).finally(() => clearTimeout(lasting))
    const isBrief = this.#clock() - startedAt < this.#timing.longWatchMs
    if (this.#plan === 'sync' || (isBrief && !this.#hasMoved))
      throw briefError(this.#client.asked('watch'))
    this.#watched()
    if (frames === 0) this.#plan = 'probe'
  }

  #take(frame: WatchFrame, call: ApiCall): void {
    switch (frame.kind) {
      case 'upsert':
        this.#writer.upsert(frame.object)
        return this.#moved(frame.object.metadata.resourceVersion)
      case 'delete':
        this.#writer.delete(frame.object)
        return this.#moved(frame.object.metadata.resourceVersion)
      case 'bookmark':
        return this.#takeBookmark(frame, call)
      case 'error': {
        const { status } = frame
        throw answerError(this.#client.asked('watch'), { httpStatus: status.code, status })
      }
      case 'bad':
        this.counters.badFrames++
        throw protocolError(this.#client.asked('watch'), `a frame cannot be used: ${frame.fault}`)
    }
  }

  #takeBookmark({ resourceVersion, endsInitialEvents }: Bookmark, call: ApiCall): void {
    if (this.#plan === 'sync') {
      if (!endsInitialEvents) return
      this.#finishSync(resourceVersion)
      call.setSilence(this.#timing.silenceMs)
    } else if (isOlderVersion(resourceVersion, this.#version)) {
      throw behindError(this.#client.asked('watch'))
    } else if (resourceVersion !== this.#version) {
      this.#moved(resourceVersion)
    }
  }

  /** Objects of a list that is not whole are in any order: resuming from one would miss those that were not sent. */
  #moved(version: string): void {
    if (this.#plan === 'sync') return
    this.#version = version
    this.#hasMoved = true
    this.#watched()
  }

  #lasted(): void {
    if (this.#plan === 'watch') this.#watched()
  }

  #watched(): void {
    this.#policy.watched()
    this.#troubles.healed()
  }

  async #listPages(signal: AbortSignal): Promise<void> {
    this.#beginSync()
    let page: ListPage | undefined
    do {
      const query = { limit: String(this.#resource.pageSize), continue: page?.continueToken }
      // One after the other: the token of the next page is in this one.
      // oxlint-disable-next-line no-await-in-loop
      page = await this.#client.page(query, signal)
      for (const item of page.items) this.#writer.upsert(item)
      this.#writer.settle('syncing')
    } while (page.continueToken !== '')
    this.#finishSync(page.resourceVersion)
  }

  /** A server that was restored from a backup sends nothing to who is ahead of it, and no error. */
  async #probe(signal: AbortSignal): Promise<void> {
    const { resourceVersion } = await this.#client.page({ limit: '1' }, signal)
    if (isOlderVersion(resourceVersion, this.#version))
      throw behindError(this.#client.asked('watch'))
    this.#plan = 'watch'
    this.#watched()
  }

  #beginSync(): void {
    this.#writer.beginSync(this.#verifiedVersion)
    // Only the first try follows the last watch so closely that what differs was missed.
    this.#verifiedVersion = undefined
  }

  #finishSync(version: string): void {
    this.#writer.finishSync()
    this.#version = version
    this.#plan = 'watch'
    this.#verifyAt = this.#clock() + this.#timing.verifyMs * (0.8 + 0.4 * this.#random())
    this.#writer.settle('watching')
    this.#policy.synced()
    this.#hasMoved = true
    this.#troubles.healed()
    if (this.#hasSynced) return
    this.#hasSynced = true
    this.#observer.synced()
  }

  #listedFrom(): string {
    if (this.#freshness === 'cached') return '0'
    return this.#freshness === 'last' ? this.#version : ''
  }
}
