import type { MessagePort } from 'node:worker_threads'
import type { SharedReply } from '../plugins/chain.ts'
import type { Query } from '../plugins/handler.ts'

/** A query for the thread that its name belongs to. */
export interface PeerRequest {
  readonly id: number
  /** The block, by its key. */
  readonly block: string
  readonly query: Query
}

type PeerMessage =
  | {
      readonly type: 'ask'
      readonly id: number
      readonly block: string
      readonly query: Omit<Query, 'metadata'>
      /** What plugins know about the query, worked out: functions cannot cross. */
      readonly metadata: ReadonlyMap<string, string>
    }
  | { readonly type: 'answer'; readonly id: number; readonly answer: SharedReply | undefined }

/** The lines from one serving thread to the others. */
export class Peers {
  readonly #answer: (request: PeerRequest) => Promise<SharedReply | undefined>
  readonly #ports = new Map<number, MessagePort>()
  readonly #waiting = new Map<
    number,
    { port: MessagePort; resolve: (answer: SharedReply | undefined) => void }
  >()
  #nextId = 1

  /** `answer` finds what this thread answers to a query of another; `undefined` when it cannot. It never rejects. */
  constructor(answer: (request: PeerRequest) => Promise<SharedReply | undefined>) {
    this.#answer = answer
  }

  /** A thread has been started, or started again. */
  connect(index: number, port: MessagePort): void {
    this.#ports.set(index, port)
    port.on('message', (message: PeerMessage) => void this.#receive(port, message))
    port.on('close', () => {
      if (this.#ports.get(index) === port) this.#ports.delete(index)
      for (const [id, waiting] of this.#waiting) {
        if (waiting.port !== port) continue
        this.#waiting.delete(id)
        waiting.resolve(undefined)
      }
    })
    port.unref()
  }

  /** Resolves with `undefined` when the thread is not there, dies of it, or does not know the block: the asker answers itself. */
  ask(index: number, block: string, query: Query): Promise<SharedReply | undefined> {
    const port = this.#ports.get(index)
    if (!port) return Promise.resolve(undefined)
    const id = this.#nextId++
    const { promise, resolve } = Promise.withResolvers<SharedReply | undefined>()
    this.#waiting.set(id, { port, resolve })
    const { metadata, ...question } = query
    const values = new Map(Array.from(metadata, ([name, value]) => [name, value()]))
    const message: PeerMessage = { type: 'ask', id, block, query: question, metadata: values }
    port.postMessage(message)
    return promise
  }

  close(): void {
    for (const port of this.#ports.values()) port.close()
  }

  async #receive(port: MessagePort, message: PeerMessage): Promise<void> {
    if (message.type === 'ask') {
      const metadata = new Map(Array.from(message.metadata, ([name, value]) => [name, () => value]))
      const query = { ...message.query, metadata }
      const answer = await this.#answer({ id: message.id, block: message.block, query })
      const reply: PeerMessage = { type: 'answer', id: message.id, answer }
      port.postMessage(reply)
      return
    }
    this.#waiting.get(message.id)?.resolve(message.answer)
    this.#waiting.delete(message.id)
  }
}
