import { networkInterfaces } from 'node:os'
import { AnswerWriter } from '../answers/answer-writer.ts'
import type { HostPort } from '../lib/host-port.ts'
import type { Logger } from '../lib/logger.ts'
import { type Binding, expandWildcard } from '../server/binding.ts'
import type { ServingConfiguration } from '../server/serving-protocol.ts'
import { ServingThreads } from '../server/serving-threads.ts'
import { StandaloneSource } from '../sources/standalone-source.ts'
import type { SourceOptions } from './cluster-options.ts'
import type { CorefileLocation } from './corefile-loader.ts'
import { loadCorefile } from './corefile-loader.ts'
import { Reloader } from './reloader.ts'
import { ServedCluster } from './served-cluster.ts'
import { ServerSummary } from './server-summary.ts'
import { planServing, type ServingPlan } from './serving-plan.ts'

export interface ServerOptions {
  /** `undefined` where nothing is known of a cluster, which is well while the Corefile does not ask for one. */
  readonly source: SourceOptions | undefined
  readonly corefile: CorefileLocation
  /** For server blocks without a port. */
  readonly defaultPort?: number
  /** Where to serve whatever the Corefile says of ports. */
  readonly listen?: readonly HostPort[]
  readonly workers: number
  readonly logger: Logger
  readonly onProgress?: (filesDone: number, filesTotal: number) => void
}

/** The program of the serving threads: beside the sources in a checkout, beside the bundle in a package. */
const workerEntry = new URL(
  import.meta.url.endsWith('.ts') ? '../server/worker.ts' : './worker.js',
  import.meta.url,
)

const noSource =
  'Cannot serve `kubernetes`: expected --manifests DIR, the folder of Kubernetes manifests to serve'

/** A running server: source ─▶ cluster ─▶ answer table ─▶ serving threads, as the Corefile says. */
export class Server implements AsyncDisposable {
  readonly #options: ServerOptions
  readonly #source: StandaloneSource | undefined
  readonly #cluster: ServedCluster
  readonly #clients = new AnswerWriter()
  readonly #reloader: Reloader
  #plan: ServingPlan
  #threads: ServingThreads | undefined

  private constructor(
    options: ServerOptions,
    source: StandaloneSource | undefined,
    { plan, sha512 }: { readonly plan: ServingPlan; readonly sha512: string },
  ) {
    this.#options = options
    this.#source = source
    this.#plan = plan
    this.#cluster = new ServedCluster(plan.kubernetes, {
      logger: options.logger,
      localAddresses: reachableAddresses(plan),
    })
    this.#reloader = new Reloader(sha512, {
      logger: options.logger,
      load: () => this.#load(),
      apply: next => this.#reconfigure(next),
    })
  }

  /**
   * Binds, so that a port that is taken is known at once and early clients get SERVFAIL instead of silence, then reads
   * everything, then follows changes. Rejects with what made it impossible, a CorefileError included.
   */
  static async start(options: ServerOptions): Promise<{ server: Server; summary: ServerSummary }> {
    const startedAt = performance.now()
    const loaded = loadPlan(options)
    const source = loaded.plan.kubernetes && (await openSource(options))
    const server = new Server(options, source, loaded)
    try {
      await server.#listen()
      const first = await source?.read()
      const readAt = performance.now()
      if (first) server.#cluster.load(first)
      const readyAt = performance.now()
      source?.watch(update => server.#cluster.change(update))
      server.#reloader.follow(loaded.plan)
      const summary = new ServerSummary(server.#cluster.store, {
        options,
        plan: loaded.plan,
        counts: source?.counts,
        names: server.#cluster.answers.size,
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

  /** Reads the Corefile again now. Resolves when what it says is in force, or refused and logged. */
  async reload(): Promise<void> {
    await this.#reloader.reload()
  }

  /** Stops in order: no more changes, then TCP, then UDP. */
  async close(): Promise<void> {
    this.#reloader.close()
    await this.#source?.close()
    this.#cluster.close()
    await this.#threads?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #listen(): Promise<void> {
    const { workers, logger } = this.#options
    this.#threads = await ServingThreads.start({
      entry: workerEntry,
      count: workers,
      configuration: this.#configuration(),
      logger,
      onExit: index => {
        this.#cluster.answers.releaseReader(index)
        this.#clients.releaseReader(index)
      },
      onMetric: () => {},
      onLine: news => {
        if (news.type === 'log') logger[news.level](`plugin/${news.plugin}: ${news.text}`)
      },
      answer: topic => {
        throw new Error(`nobody answers "${topic}"`)
      },
    })
  }

  #configuration(): ServingConfiguration {
    const { blocks, listeners } = this.#plan
    return {
      answers: this.#cluster.answers.buffer,
      clients: this.#clients.buffer,
      blocks,
      listeners,
    }
  }

  #load(): LoadedPlan {
    return loadPlan(this.#options)
  }

  /** Takes a plan that has been checked, in place. */
  async #reconfigure(plan: ServingPlan): Promise<void> {
    if (plan.kubernetes && !this.#source) throw new Error(`${noSource}, at the start`)
    this.#cluster.configure(plan.kubernetes)
    this.#plan = plan
    const failures = await this.#threads!.configure(this.#configuration())
    for (const { binding, message } of failures) {
      this.#options.logger.error(`cannot listen on ${binding.address}:${binding.port}: ${message}`)
    }
  }
}

async function openSource({
  source,
  logger,
  onProgress,
}: ServerOptions): Promise<StandaloneSource> {
  if (!source) throw new Error(noSource)
  const { state: directory, ...rest } = source
  return await StandaloneSource.open({
    ...rest,
    logger,
    ...(onProgress && { onProgress }),
    ...(directory !== undefined && { state: { directory, mode: 'keep' } }),
  })
}

/** A Corefile that every plugin has read. */
export interface LoadedPlan {
  readonly plan: ServingPlan
  readonly sha512: string
}

function loadPlan({ corefile: location, defaultPort, listen, logger }: ServerOptions): LoadedPlan {
  const { corefile, sha512 } = loadCorefile(location, {
    ...(defaultPort !== undefined && { defaultPort }),
  })
  for (const warning of corefile.warnings) logger.warn(warning)
  return { plan: planServing(corefile, listen ? { listen } : {}), sha512 }
}

/** Loopback addresses are nobody else's name server; they count where there is nothing else. */
function reachableAddresses({ listeners }: ServingPlan): string[] {
  const interfaces = networkInterfaces()
  const addresses = listeners
    .flatMap(({ binding }) => expandWildcard(binding, interfaces))
    .map(({ address }) => address)
  const others = addresses.filter(address => !address.startsWith('127.') && address !== '::1')
  return [...new Set(others.length > 0 ? others : addresses)]
}
