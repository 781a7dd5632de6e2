import { networkInterfaces } from 'node:os'
import { AnswerWriter } from '../answers/answer-writer.ts'
import type { HostPort } from '../lib/host-port.ts'
import type { Logger } from '../lib/logger.ts'
import { type Change } from '../objects/change.ts'
import { type Binding, expandWildcard } from '../server/binding.ts'
import { releaseMemory } from '../server/release-memory.ts'
import { ServingThreads } from '../server/serving-threads.ts'
import { type SourceUpdate, StandaloneSource } from '../sources/standalone-source.ts'
import { ServiceStore } from '../store/service-store.ts'
import { ClusterZone } from '../zone/cluster-zone.ts'
import { renderZoneProblem } from '../zone/zone-problems.ts'
import { describeChanges } from './change-lines.ts'
import type { ClusterOptions } from './cluster-options.ts'
import { RestingSink } from './resting-sink.ts'
import { ServerSummary } from './server-summary.ts'

export interface ServerOptions extends ClusterOptions {
  readonly listen: readonly HostPort[]
  readonly workers: number
  readonly logger: Logger
  readonly onProgress?: (filesDone: number, filesTotal: number) => void
}

/** The program of the serving threads: beside the sources in a checkout, beside the bundle in a package. */
const workerEntry = new URL(
  import.meta.url.endsWith('.ts') ? '../server/worker.ts' : './worker.js',
  import.meta.url,
)

/** Objects in one step from which on the memory that it leaves is worth a collection. */
const largeChange = 5000
const releaseAfterMs = 1000

/** A running server: source ─▶ store ─▶ zone ─▶ answer table ─▶ serving threads. */
export class Server implements AsyncDisposable {
  readonly #logger: Logger
  readonly #source: StandaloneSource
  readonly #answers = new AnswerWriter()
  readonly #sink = new RestingSink(this.#answers)
  readonly #store = new ServiceStore()
  readonly #zone: ClusterZone
  readonly #pods: ServerOptions['pods']
  #threads: ServingThreads | undefined
  #release: NodeJS.Timeout | undefined

  private constructor(options: ServerOptions, source: StandaloneSource) {
    this.#logger = options.logger
    this.#source = source
    this.#pods = options.pods
    const interfaces = networkInterfaces()
    const bindings = options.listen.flatMap(listen => expandWildcard(listen, interfaces))
    this.#zone = new ClusterZone(
      {
        zone: options.zone,
        ttlSeconds: options.ttlSeconds,
        pods: options.pods,
        localAddresses: reachableAddresses(bindings),
      },
      this.#sink,
    )
  }

  /**
   * Binds, so that a port that is taken is known at once and early clients get SERVFAIL instead of silence, then reads
   * everything, then follows changes. Rejects with what made it impossible.
   */
  static async start(options: ServerOptions): Promise<{ server: Server; summary: ServerSummary }> {
    const startedAt = performance.now()
    const { state: directory, ...cluster } = options
    const source = await StandaloneSource.open({
      ...cluster,
      ...(directory !== undefined && { state: { directory, mode: 'keep' } }),
    })
    const server = new Server(options, source)
    try {
      await server.#listen(options)
      const first = await source.read()
      const readAt = performance.now()
      server.#apply(first, 'load')
      server.#answers.markComplete()
      server.#sink.start()
      const readyAt = performance.now()
      releaseMemory()
      source.watch(update => server.#apply(update, 'change'))
      const summary = new ServerSummary(server.#store, {
        options,
        counts: source.counts,
        names: server.#answers.size,
        bindings: server.bindings,
        readMs: readAt - startedAt,
        compileMs: readyAt - readAt,
      })
      return { server, summary }
    } catch (error) {
      await server.close()
      throw error
    }
  }

  /** What is served, with real ports. */
  get bindings(): readonly Binding[] {
    return this.#threads?.bindings ?? []
  }

  /** Stops in order: no more changes, then TCP, then UDP. */
  async close(): Promise<void> {
    clearTimeout(this.#release)
    await this.#source.close()
    await this.#threads?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #listen({ zone, pods, ttlSeconds, listen, workers, logger }: ServerOptions): Promise<void> {
    this.#threads = await ServingThreads.start({
      answers: this.#answers,
      entry: workerEntry,
      count: workers,
      listen,
      logger,
      podZones: pods === 'insecure' ? [`pod.${zone}`] : [],
      ttlSeconds,
    })
  }

  /** When the change that has left much behind, and what comes with it, is over. */
  #releaseSoon(): void {
    clearTimeout(this.#release)
    this.#release = setTimeout(releaseMemory, releaseAfterMs).unref()
  }

  #apply({ changes, errors, warnings, solved }: SourceUpdate, occasion: 'load' | 'change'): void {
    const delta = this.#store.apply(this.#pods === 'verified' ? changes : withoutPods(changes))
    const { problems } = this.#zone.apply(delta, Math.floor(Date.now() / 1000))
    this.#answers.endBatch()
    if (occasion === 'change') {
      if (changes.length >= largeChange) this.#releaseSoon()
      for (const { message, fields } of describeChanges(delta)) this.#logger.info(message, fields)
    }
    for (const line of solved) this.#logger.info(`mended: ${line}`)
    for (const line of warnings) this.#logger.warn(line)
    for (const line of errors) this.#logger.error(line)
    for (const problem of problems) this.#logger.warn(renderZoneProblem(problem))
  }
}

/** Loopback addresses are nobody else's name server; they count where there is nothing else. */
function reachableAddresses(bindings: readonly Binding[]): string[] {
  const addresses = bindings.map(({ address }) => address)
  const others = addresses.filter(address => !address.startsWith('127.') && address !== '::1')
  return others.length > 0 ? others : addresses
}

/** Only `pods verified` looks at Pods; otherwise none has to be kept. */
function withoutPods(changes: readonly Change[]): Change[] {
  return changes.filter(
    change => (change.type === 'upsert' ? change.object.kind : change.kind) !== 'Pod',
  )
}
