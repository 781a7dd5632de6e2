import { networkInterfaces } from 'node:os'
import { MessageChannel } from 'node:worker_threads'
import { backOffMs } from '../lib/back-off.ts'
import type { MetricSeries } from '../lib/metric-cells.ts'
import type { Logger } from '../lib/logger.ts'
import { type BindFailure, bindFailure } from './bind-failure.ts'
import { type Binding, isWildcard, renderBinding } from './binding.ts'
import { expandListeners } from './expand-listeners.ts'
import { checkUnshared } from './shared-port.ts'
import { type Bound, type ServingNews, ServingThread } from './serving-thread.ts'
import type { ListenerConfiguration, ServingConfiguration } from './serving-protocol.ts'

const restartBackOff = { firstMs: 100, maxMs: 5000 }
/** A thread that has lived for so long starts its back-off anew. */
const stableAfterMs = 60_000
/** Addresses come and go with interfaces; wildcard listeners follow. */
const addressScanMs = 10_000

export interface ServingThreadsOptions {
  /** Where the thread's program is. */
  readonly entry: URL
  /** How many threads. More than one needs SO_REUSEPORT. */
  readonly count: number
  readonly configuration: ServingConfiguration
  readonly logger: Logger
  /** A thread has died: its epoch in the tables is over. */
  readonly onExit: (index: number) => void
  /** A query ended in a fault of ours; it is logged here. */
  readonly onFault: () => void
  readonly onMetric: (index: number, series: MetricSeries) => void
  /** A line of the query log or of a plugin. */
  readonly onLine: (news: Extract<ServingNews, { type: 'log' | 'lines' }>) => void
  /** Answers what a thread asks. */
  readonly answer: (topic: string, argument: unknown, thread: number) => unknown
}

/** The serving threads and their sockets: starts them, starts them again, and follows the machine's addresses. */
export class ServingThreads {
  readonly #options: ServingThreadsOptions
  readonly #threads: (ServingThread | undefined)[] = []
  readonly #restarts = new Set<NodeJS.Timeout>()
  readonly #scan: NodeJS.Timeout
  /** As asked for, and with wildcards expanded and real ports. */
  #wanted: ServingConfiguration
  #bound: ServingConfiguration
  #isClosing = false

  private constructor(options: ServingThreadsOptions) {
    this.#options = options
    this.#wanted = options.configuration
    this.#bound = { ...options.configuration, listeners: [] }
    this.#scan = setInterval(() => void this.#followAddresses(), addressScanMs).unref()
  }

  /** Starts the threads and binds. Rejects with the first failure where an address cannot be bound. */
  static async start(options: ServingThreadsOptions): Promise<ServingThreads> {
    const threads = new ServingThreads(options)
    try {
      await threads.#start()
    } catch (error) {
      await threads.close()
      throw error
    }
    return threads
  }

  get count(): number {
    return this.#options.count
  }

  /** What is served, with real ports. */
  get bindings(): readonly Binding[] {
    return this.#bound.listeners.map(({ binding }) => binding)
  }

  /** Takes another configuration in place: sockets that are in both stay. Resolves with what could not be bound. */
  async configure(configuration: ServingConfiguration): Promise<readonly BindFailure[]> {
    this.#wanted = configuration
    this.#bound = { ...configuration, listeners: this.#expand() }
    const bounds = await Promise.all(
      this.#threads.flatMap(thread => thread?.configure(this.#bound) ?? []),
    )
    return bounds[0]?.failures ?? []
  }

  async close(): Promise<void> {
    this.#isClosing = true
    clearInterval(this.#scan)
    for (const timer of this.#restarts) clearTimeout(timer)
    await Promise.all(this.#threads.flatMap(thread => thread?.close() ?? []))
  }

  async #start(): Promise<void> {
    const { count } = this.#options
    const listeners = this.#expand()
    if (count > 1) throwFailures(await failuresToBindAlone(listeners))
    // The first thread finds out the ports that the system chooses for port 0; the others share them.
    const first = await this.#spawn(0, 1).configure({ ...this.#wanted, listeners })
    throwFailures(first.failures)
    if (first.bindings.length < listeners.length)
      throw new Error('Cannot serve: no serving thread could start')
    this.#bound = { ...this.#wanted, listeners: withRealPorts(listeners, first) }
    for (let index = 1; index < count; index++) {
      throwFailures((await this.#spawn(index, 1).configure(this.#bound)).failures)
    }
  }

  #spawn(index: number, attempt: number): ServingThread {
    const { entry, logger, count, onExit } = this.#options
    const startedAt = performance.now()
    const thread = new ServingThread(
      entry,
      { index, count, reusePort: count > 1 },
      {
        onNews: news => this.#hear(index, news),
        onExit: error => {
          this.#threads[index] = undefined
          onExit(index)
          if (this.#isClosing) return
          const next = performance.now() - startedAt > stableAfterMs ? 1 : attempt + 1
          logger.error('a serving thread died and is started again', {
            thread: index,
            error: error?.message,
          })
          this.#restart(index, next)
        },
      },
    )
    this.#threads[index] = thread
    for (const [other, peer] of this.#threads.entries()) {
      if (!peer || other === index) continue
      const { port1, port2 } = new MessageChannel()
      thread.connectPeer(other, port1)
      peer.connectPeer(index, port2)
    }
    return thread
  }

  #hear(index: number, news: ServingNews): void {
    const { logger, onFault, onMetric, onLine } = this.#options
    switch (news.type) {
      case 'fault':
        logger.error('a query could not be answered', { error: news.message })
        onFault()
        return
      case 'metric':
        onMetric(index, news.series)
        return
      case 'ask':
        void this.#answer(index, news.id, news)
        return
      case 'log':
      case 'lines':
        onLine(news)
    }
  }

  async #answer(
    index: number,
    id: number,
    { topic, argument }: { readonly topic: string; readonly argument: unknown },
  ): Promise<void> {
    try {
      const value = await this.#options.answer(topic, argument, index)
      this.#threads[index]?.reply(id, { value })
    } catch (error) {
      // The link that asked turns it into its reply.
      this.#threads[index]?.reply(id, { error: (error as Error).message })
    }
  }

  #restart(index: number, attempt: number): void {
    const timer = setTimeout(
      () => {
        this.#restarts.delete(timer)
        void this.#spawn(index, attempt)
          .configure(this.#bound)
          .then(({ failures }) => this.#report(failures))
      },
      backOffMs(attempt - 1, restartBackOff),
    )
    this.#restarts.add(timer)
  }

  async #followAddresses(): Promise<void> {
    if (!this.#wanted.listeners.some(({ binding }) => isWildcard(binding))) return
    const listeners = this.#expand()
    const known = new Set(this.bindings.map(renderBinding))
    if (
      listeners.length === known.size &&
      listeners.every(({ binding }) => known.has(renderBinding(binding)))
    )
      return
    this.#bound = { ...this.#bound, listeners }
    for (const thread of this.#threads) {
      if (thread) this.#report((await thread.configure(this.#bound)).failures)
    }
    this.#options.logger.info('the addresses of this machine have changed', {
      listen: listeners.map(({ binding }) => renderBinding(binding)).join(' '),
    })
  }

  #expand(): ListenerConfiguration[] {
    return expandListeners(this.#wanted.listeners, {
      interfaces: networkInterfaces(),
      bound: this.bindings,
    })
  }

  #report(failures: readonly BindFailure[]): void {
    for (const { binding, message } of failures) {
      this.#options.logger.error('an address cannot be served', {
        listen: renderBinding(binding),
        error: message,
      })
    }
  }
}

function withRealPorts(
  listeners: readonly ListenerConfiguration[],
  { bindings }: Bound,
): ListenerConfiguration[] {
  return listeners.map((listener, index) => ({ ...listener, binding: bindings[index]! }))
}

async function failuresToBindAlone(
  listeners: readonly ListenerConfiguration[],
): Promise<BindFailure[]> {
  const failures: BindFailure[] = []
  for (const { binding } of listeners) {
    try {
      if (binding.port !== 0) await checkUnshared(binding)
    } catch (error) {
      // Told by the caller as any other failure to bind.
      failures.push(bindFailure(binding, error))
    }
  }
  return failures
}

function throwFailures([failure]: readonly BindFailure[]): void {
  if (!failure) return
  throw Object.assign(
    new Error(`Cannot listen on ${renderBinding(failure.binding)}: ${failure.message}`),
    { code: failure.code },
  )
}
