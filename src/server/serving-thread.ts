import { Worker } from 'node:worker_threads'
import type { Binding } from './binding.ts'
import type {
  BindFailure,
  ServingCommand,
  ServingEvent,
  ServingOptions,
} from './serving-protocol.ts'

export interface Bound {
  readonly bindings: readonly Binding[]
  readonly failures: readonly BindFailure[]
}

/** V8 gives every thread 16 MB semi-spaces; a serving thread allocates little and keeps nothing. */
const youngGenerationMb = 4

/** The control thread's handle on one serving thread. */
export class ServingThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, (bound: Bound) => void>()
  #nextId = 1

  /** `onFault` hears of queries that could not be answered, `onExit` once, when the thread is gone. */
  constructor(
    entry: URL,
    options: ServingOptions,
    { onFault, onExit }: { onFault: (message: string) => void; onExit: (error?: Error) => void },
  ) {
    this.#worker = new Worker(entry, {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    })
    let cause: Error | undefined
    this.#worker.on('error', error => {
      cause = error as Error
    })
    this.#worker.on('message', (event: ServingEvent) => {
      if (event.type === 'fault') return onFault(event.message)
      this.#waiting.get(event.id)?.(event)
      this.#waiting.delete(event.id)
    })
    this.#worker.once('exit', () => {
      for (const resolve of this.#waiting.values()) resolve({ bindings: [], failures: [] })
      this.#waiting.clear()
      onExit(cause)
    })
  }

  /** Serves exactly these bindings from now on. Resolves with what is bound, also when the thread dies of it. */
  bind(bindings: readonly Binding[]): Promise<Bound> {
    return this.#command(id => ({ type: 'bind', id, bindings }))
  }

  /** Closes the sockets in order and ends the thread. */
  async close(): Promise<void> {
    await this.#command(id => ({ type: 'close', id }))
  }

  #command(make: (id: number) => ServingCommand): Promise<Bound> {
    const command = make(this.#nextId++)
    const { promise, resolve } = Promise.withResolvers<Bound>()
    this.#waiting.set(command.id, resolve)
    this.#worker.postMessage(command)
    return promise
  }
}
