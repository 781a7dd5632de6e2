import { availableParallelism, networkInterfaces } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { HostPort } from '../lib/host-port.ts'
import type { Logger } from '../lib/logger.ts'
import type { HttpAddress } from '../ops/http-listener.ts'
import { Ops } from '../ops/ops.ts'
import { multisocket } from '../plugins/multisocket/multisocket.ts'
import { type Binding, expandWildcard } from '../server/binding.ts'
import type { ServingConfiguration } from '../server/serving-protocol.ts'
import { ServingThreads } from '../server/serving-threads.ts'
import { keepYoungSpaceSmall } from '../server/small-young-space.ts'
import type { SourceOptions } from './cluster-options.ts'
import type { CorefileLocation } from './corefile-loader.ts'
import { loadCorefile } from './corefile-loader.ts'
import { ClusterFeed } from './cluster-feed.ts'
import { type OpenSource, openSource } from './open-source.ts'
import { enabledPlugins, opsConfiguration } from './ops-configuration.ts'
import { Reloader } from './reloader.ts'
import { ServedCluster } from './served-cluster.ts'
import { ServerSummary } from './server-summary.ts'
import { planServing, type ServingPlan } from './serving-plan.ts'

export interface ServerOptions {
  /** Where it is not given, the Corefile's `kubernetes` says it, or the pod that this runs in. */
  readonly source: SourceOptions | undefined
  readonly corefile: CorefileLocation
  /** For server blocks without a port. */
  readonly defaultPort?: number
  /** Where to serve whatever the Corefile says of ports. */
  readonly listen?: readonly HostPort[]
  /** Serving threads; what `multisocket` says when absent, else `defaultWorkers`. */
  readonly workers?: number | undefined
  readonly defaultWorkers: number
  readonly logger: Logger
  /** Of this program, for metrics. */
  readonly version: string
  /** Ends the wait for an API server: the start is then as good as it gets. */
  readonly stop?: AbortSignal
  readonly onProgress?: (filesDone: number, filesTotal: number) => void
}

/** The program of the serving threads: beside the sources in a checkout, beside the bundle in a package. */
const workerEntry = new URL(
  import.meta.url.endsWith('.ts') ? '../server/worker.ts' : './worker.js',
  import.meta.url,
)

/** A running server: source ─▶ cluster ─▶ answer table ─▶ serving threads, as the Corefile says. */
export class Server implements AsyncDisposable {
  readonly #options: ServerOptions
  readonly #feed: ClusterFeed | undefined
  readonly #cluster: ServedCluster
  readonly #ops: Ops
  readonly #reloader: Reloader
  #plan: ServingPlan
  #threads: ServingThreads | undefined

  private constructor(
    options: ServerOptions,
    { plan, sha512 }: LoadedPlan,
    { ops, opened }: { readonly ops: Ops; readonly opened: OpenSource | undefined },
  ) {
    const { logger } = options
    this.#options = options
    this.#ops = ops
    this.#plan = plan
    this.#cluster = new ServedCluster(plan.cluster, {
      logger,
      localAddresses: reachableAddresses(plan),
    })
    if (opened) this.#feed = new ClusterFeed(opened, { cluster: this.#cluster, ops, logger })
    this.#reloader = new Reloader(sha512, {
      logger,
      load: () => this.#load(),
      apply: next => this.#reconfigure(next),
      failures: this.#ops.cells.counter('coredns_reload_failed_total'),
      onLoaded: hash => {
        const labels = { hash: 'sha512', value: hash }
        this.#ops.setRows('coredns_reload_version_info', [{ labels, value: 1 }])
      },
    })
  }

  /**
   * Binds, so that a port that is taken is known at once and early clients get SERVFAIL instead of silence, then reads
   * everything, then follows changes. Rejects with what made it impossible, a CorefileError or a StartError included.
   */
  static async start(options: ServerOptions): Promise<{ server: Server; summary: ServerSummary }> {
    keepYoungSpaceSmall()
    const loaded = loadPlan(options)
    const workers = options.workers ?? socketsOf(loaded.plan) ?? options.defaultWorkers
    const ops = new Ops({ logger: options.logger, version: options.version, revision: '' })
    const { kubernetes } = loaded.plan.cluster
    const opened = kubernetes && (await openSource(kubernetes, { ...options, cells: ops.cells }))
    const server = new Server(options, loaded, { ops, opened })
    try {
      await server.#listen(workers)
      if (kubernetes) await server.#feed?.start(kubernetes.startupTimeoutMs, options.stop)
      server.#reloader.follow(loaded.plan)
      const summary = new ServerSummary(server.#cluster.store, {
        source: options.source,
        server: opened?.server,
        workers,
        plan: loaded.plan,
        counts: opened?.counts?.(),
        names: server.#cluster.answers.size,
        bindings: server.bindings,
        readMs: server.#feed?.times.readMs ?? 0,
        compileMs: server.#feed?.times.compileMs ?? 0,
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

  /** The real port of an address that probes or metrics are served on. */
  probePort(address: HttpAddress): number | undefined {
    return this.#ops.portOf(address)
  }

  /** How many serving threads there are. */
  get threads(): number {
    return this.#threads?.count ?? 0
  }

  /** Reads the Corefile again now. Resolves when what it says is in force, or refused and logged. */
  async reload(): Promise<void> {
    await this.#reloader.reload()
  }

  /**
   * Stops in order: `/ready` says no at once, everything is answered with live data for as long as `lameduck` says, and then
   * the rest of {@link close}.
   */
  async shutDown(): Promise<void> {
    this.#ops.shutdownBegins()
    const { lameduckMs } = this.#ops
    if (lameduckMs > 0) {
      this.#options.logger.info(`plugin/health: Going into lameduck mode for ${lameduckMs / 1000}s`)
      await delay(lameduckMs)
    }
    await this.close()
  }

  /** No more changes, then TCP, then UDP, and the probes last. */
  async close(): Promise<void> {
    this.#reloader.close()
    await this.#feed?.close()
    this.#cluster.close()
    await this.#threads?.close()
    await this.#ops.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #listen(workers: number): Promise<void> {
    const { logger } = this.#options
    await this.#ops.configure(opsConfiguration(this.#plan))
    this.#ops.setRows('coredns_plugin_enabled', enabledPlugins(this.#plan))
    const panics = this.#ops.cells.counter('coredns_panics_total')
    const restarts = this.#ops.cells.counter('signpost_serving_thread_restarts_total')
    this.#threads = await ServingThreads.start({
      entry: workerEntry,
      count: workers,
      configuration: this.#configuration(),
      logger,
      onExit: index => {
        this.#cluster.answers.releaseReader(index)
        this.#cluster.clients.releaseReader(index)
        this.#ops.forgetThread(index)
        restarts.add()
      },
      onFault: () => panics.add(),
      onMetric: (index, series) => this.#ops.addSeries(index, series),
      onLine: news => {
        if (news.type === 'log') logger[news.level](`plugin/${news.plugin}: ${news.text}`)
        else for (const line of news.text.split('\n')) logger.info(line)
      },
      answer: (topic, argument, thread) => this.#answer(topic, argument, thread),
    })
  }

  /** What links ask with `askControl`. */
  #answer(topic: string, argument: unknown, thread: number): unknown {
    switch (topic) {
      case 'transfer':
        return this.#cluster.transfer((argument as { readonly zone: string }).zone)
      case 'failure': {
        const { key, part } = argument as { readonly key: string; readonly part: string }
        return this.#ops.partFails(key, { part, thread })
      }
      case 'recovery':
        return this.#ops.partRecovers((argument as { readonly key: string }).key)
      default:
        throw new Error(`Cannot answer "${topic}": nobody does`)
    }
  }

  #configuration(): ServingConfiguration {
    const { blocks, listeners } = this.#plan
    return {
      answers: this.#cluster.answers.buffer,
      clients: this.#cluster.clients.buffer,
      blocks,
      listeners,
    }
  }

  #load(): LoadedPlan {
    return loadPlan(this.#options)
  }

  /** Takes a plan that has been checked, in place. */
  async #reconfigure(plan: ServingPlan): Promise<void> {
    const { kubernetes } = plan.cluster
    if (kubernetes) {
      if (!this.#feed) {
        throw new Error('`kubernetes` needs a restart: no cluster has been followed so far')
      }
      const before = this.#plan.cluster.kubernetes?.api ?? kubernetes.api
      if (!this.#options.source && !isDeepStrictEqual(before, kubernetes.api)) {
        throw new Error('another API server needs a restart')
      }
      await this.#feed.prepare(kubernetes)
    }
    this.#cluster.configure(plan.cluster)
    await this.#ops.configure(opsConfiguration(plan))
    this.#ops.setRows('coredns_plugin_enabled', enabledPlugins(plan))
    this.#plan = plan
    const failures = await this.#threads!.configure(this.#configuration())
    for (const { binding, message } of failures) {
      this.#options.logger.error(`cannot listen on ${binding.address}:${binding.port}: ${message}`)
    }
  }
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

/** How many sockets for each port `multisocket` asks for: one for every serving thread. */
function socketsOf(plan: ServingPlan): number | undefined {
  const wanted = plan.settingsOf(multisocket)
  if (wanted.length === 0) return undefined
  return Math.max(...wanted.map(({ sockets }) => sockets ?? availableParallelism()))
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
