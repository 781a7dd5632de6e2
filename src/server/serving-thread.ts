import { type MessagePort, Worker } from 'node:worker_threads'
import type { BindFailure } from './bind-failure.ts'
import type { Binding } from './binding.ts'
import type {
  AnsweredCommand,
  ServingCommand,
  ServingConfiguration,
  ServingEvent,
  ServingOptions,
} from './serving-protocol.ts'

export interface Bound {
  readonly bindings: readonly Binding[]
  readonly failures: readonly BindFailure[]
}

/** What a serving thread tells beside the answers to commands. */
export type ServingNews = Exclude<ServingEvent, { type: 'done' }>

/** V8 gives every thread 16 MB semi-spaces; a serving thread allocates little and keeps nothing. */
const youngGenerationMb = 4
/** Room for caches, and a reason to collect what they have thrown away. */
const oldGenerationMb = 128

/** The control thread's handle on one serving thread. */
export class ServingThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, (bound: Bound) => void>()
  #nextId = 1

  /** `onExit` is called once, when the thread is gone. */
  constructor(
    entry: URL,
    options: ServingOptions,
    { onNews, onExit }: { onNews: (news: ServingNews) => void; onExit: (error?: Error) => void },
  ) {
    this.#worker = new Worker(entry, {
      workerData: options,
      resourceLimits: {
        maxYoungGenerationSizeMb: youngGenerationMb,
        maxOldGenerationSizeMb: oldGenerationMb,
      },
    })
    let cause: Error | undefined
    this.#worker.on('error', error => {
      cause = error as Error
    })
    this.#worker.on('message', (event: ServingEvent) => {
      if (event.type !== 'done') return onNews(event)
      this.#waiting.get(event.id)?.(event)
      this.#waiting.delete(event.id)
    })
    this.#worker.once('exit', () => {
      for (const resolve of this.#waiting.values()) resolve({ bindings: [], failures: [] })
      this.#waiting.clear()
      onExit(cause)
    })
  }

  /** Serves exactly this from now on. Resolves with what is bound, also when the thread dies of it. */
  configure(configuration: ServingConfiguration): Promise<Bound> {
    return this.#command(id => ({ type: 'configure', id, configuration }))
  }

  /** Gives the thread a line to another one. */
  connectPeer(index: number, port: MessagePort): void {
    const command: ServingCommand = { type: 'peer', index, port }
    this.#worker.postMessage(command, [port])
  }

  /** Answers a question of the thread. */
  reply(id: number, { value, error }: { readonly value?: unknown; readonly error?: string }): void {
    const command: ServingCommand = {
      type: 'reply',
      id,
      value,
      ...(error !== undefined && { error }),
    }
    this.#worker.postMessage(command)
  }

  /** Closes the sockets in order and ends the thread. */
  async close(): Promise<void> {
    await this.#command(id => ({ type: 'close', id }))
  }

  #command(make: (id: number) => AnsweredCommand): Promise<Bound> {
    const command = make(this.#nextId++)
    const { promise, resolve } = Promise.withResolvers<Bound>()
    this.#waiting.set(command.id, resolve)
    this.#worker.postMessage(command)
    return promise
  }
}
