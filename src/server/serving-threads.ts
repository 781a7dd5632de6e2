import { networkInterfaces } from 'node:os'
import type { AnswerWriter } from '../answers/answer-writer.ts'
import { backOffMs } from '../lib/back-off.ts'
import type { Logger } from '../lib/logger.ts'
import { renderHostPort } from '../lib/host-port.ts'
import { type Binding, expandWildcard, isWildcard } from './binding.ts'
import { checkUnshared } from './shared-port.ts'
import { ServingThread } from './serving-thread.ts'
import type { BindFailure, ServingOptions } from './serving-protocol.ts'

const restartBackOff = { firstMs: 100, maxMs: 5000 }
/** A thread that has lived for so long starts its back-off anew. */
const stableAfterMs = 60_000
/** Addresses come and go with interfaces; wildcard listeners follow. */
const addressScanMs = 10_000

export interface ServingThreadsOptions extends Omit<
  ServingOptions,
  'answers' | 'reader' | 'reusePort'
> {
  readonly answers: AnswerWriter
  /** Where the thread's program is. */
  readonly entry: URL
  /** How many threads. More than one needs SO_REUSEPORT. */
  readonly count: number
  readonly listen: readonly Binding[]
  readonly logger: Logger
}

/** The serving threads and their sockets: starts them, starts them again, and follows the machine's addresses. */
export class ServingThreads {
  readonly #options: ServingThreadsOptions
  readonly #threads: (ServingThread | undefined)[] = []
  readonly #restarts = new Set<NodeJS.Timeout>()
  #bindings: readonly Binding[] = []
  #scan: NodeJS.Timeout | undefined
  #isClosing = false

  private constructor(options: ServingThreadsOptions) {
    this.#options = options
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

  /** What is served, with real ports. */
  get bindings(): readonly Binding[] {
    return this.#bindings
  }

  async close(): Promise<void> {
    this.#isClosing = true
    clearInterval(this.#scan)
    for (const timer of this.#restarts) clearTimeout(timer)
    await Promise.all(this.#threads.flatMap(thread => thread?.close() ?? []))
  }

  async #start(): Promise<void> {
    const { count, listen } = this.#options
    const wanted = this.#expand()
    if (count > 1) throwFailures(await failuresToBindAlone(wanted))
    // The first thread finds out the ports that the system chooses for port 0; the others share them.
    const first = await this.#spawn(0, 1).bind(wanted)
    throwFailures(first.failures)
    if (first.bindings.length === 0) throw new Error('Cannot serve: no serving thread could start')
    this.#bindings = first.bindings
    for (let index = 1; index < count; index++) {
      throwFailures((await this.#spawn(index, 1).bind(this.#bindings)).failures)
    }
    if (listen.some(isWildcard)) {
      this.#scan = setInterval(() => void this.#followAddresses(), addressScanMs).unref()
    }
  }

  #spawn(index: number, attempt: number): ServingThread {
    const { answers, entry, logger, count, podZones, ttlSeconds } = this.#options
    const startedAt = performance.now()
    const thread = new ServingThread(
      entry,
      { answers: answers.buffer, reader: index, reusePort: count > 1, podZones, ttlSeconds },
      {
        onFault: message => logger.error('a query could not be answered', { error: message }),
        onExit: error => {
          this.#threads[index] = undefined
          answers.releaseReader(index)
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
    return thread
  }

  #restart(index: number, attempt: number): void {
    const timer = setTimeout(
      () => {
        this.#restarts.delete(timer)
        void this.#spawn(index, attempt)
          .bind(this.#bindings)
          .then(({ failures }) => this.#report(failures))
      },
      backOffMs(attempt - 1, restartBackOff),
    )
    this.#restarts.add(timer)
  }

  async #followAddresses(): Promise<void> {
    const wanted = this.#expand()
    const known = new Set(this.#bindings.map(renderHostPort))
    if (wanted.length === known.size && wanted.every(binding => known.has(renderHostPort(binding))))
      return
    this.#bindings = wanted
    for (const thread of this.#threads) {
      if (thread) this.#report((await thread.bind(wanted)).failures)
    }
    this.#options.logger.info('the addresses of this machine have changed', {
      listen: wanted.map(renderHostPort).join(' '),
    })
  }

  /** Port 0 of a wildcard stays the port that was found at the start. */
  #expand(): Binding[] {
    const interfaces = networkInterfaces()
    return this.#options.listen.flatMap(binding =>
      expandWildcard({ ...binding, port: binding.port || this.#portOf(binding) }, interfaces),
    )
  }

  #portOf(binding: Binding): number {
    return this.#bindings.find(bound => bound.family === binding.family)?.port ?? 0
  }

  #report(failures: readonly BindFailure[]): void {
    for (const { binding, message } of failures) {
      this.#options.logger.error('an address cannot be served', {
        listen: renderHostPort(binding),
        error: message,
      })
    }
  }
}

async function failuresToBindAlone(bindings: readonly Binding[]): Promise<BindFailure[]> {
  const failures: BindFailure[] = []
  for (const binding of bindings) {
    try {
      if (binding.port !== 0) await checkUnshared(binding)
    } catch (error) {
      // Told by the caller as any other failure to bind.
      const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException
      failures.push({ binding, code, message })
    }
  }
  return failures
}

function throwFailures([failure]: readonly BindFailure[]): void {
  if (!failure) return
  throw Object.assign(
    new Error(`Cannot listen on ${renderHostPort(failure.binding)}: ${failure.message}`),
    {
      code: failure.code,
    },
  )
}
