import { randomInt } from 'node:crypto'
import type { MessagePort } from 'node:worker_threads'
import { AnswerReader } from '../answers/answer-reader.ts'
import { TableAnswers } from '../answers/table-answers.ts'
import { hashName } from '../dns/name-hash.ts'
import { MetricCells } from '../lib/metric-cells.ts'
import type { SharedReply, Sharing } from '../plugins/chain.ts'
import type { Query } from '../plugins/handler.ts'
import { ownerOf } from '../plugins/name-owner.ts'
import type { BindFailure } from './bind-failure.ts'
import { BlockRouter } from './block-router.ts'
import { KeptStates } from './kept-states.ts'
import { Peers, type PeerRequest } from './peers.ts'
import { QueryPipeline } from './query-pipeline.ts'
import type { ServingConfiguration, ServingEvent, ServingOptions } from './serving-protocol.ts'
import { type ThreadServices, ThreadConfiguration } from './thread-configuration.ts'
import { ThreadListeners } from './thread-listeners.ts'

/** One serving thread from the inside: its configuration at work, its sockets, its lines to the others. */
export class ServingWorker {
  readonly #options: ServingOptions
  readonly #send: (event: ServingEvent) => void
  readonly #metrics: MetricCells
  readonly #kept = new KeptStates()
  readonly #peers = new Peers(request => this.#answerPeer(request))
  readonly #questions = new Map<number, PromiseWithResolvers<unknown>>()
  #nextQuestion = 1
  #configuration: ThreadConfiguration | undefined
  #tables: Tables | undefined
  #listeners: ThreadListeners | undefined
  /** Every block, for links that ask the whole server. */
  #router = new BlockRouter([])

  constructor(options: ServingOptions, send: (event: ServingEvent) => void) {
    this.#options = options
    this.#send = send
    this.#metrics = new MetricCells(series => send({ type: 'metric', series }))
  }

  get bindings(): ThreadListeners['bindings'] {
    return this.#listeners?.bindings ?? []
  }

  /** Takes a configuration as a whole, or throws and stays as it is. */
  async configure(configuration: ServingConfiguration): Promise<BindFailure[]> {
    const tables = this.#openTables(configuration)
    const services: ThreadServices = {
      table: tables.answers,
      reader: tables.reader,
      clients: tables.clients,
      metrics: this.#metrics,
      log: {
        info: (plugin, text) => this.#send({ type: 'log', level: 'info', plugin, text }),
        warn: (plugin, text) => this.#send({ type: 'log', level: 'warn', plugin, text }),
        error: (plugin, text) => this.#send({ type: 'log', level: 'error', plugin, text }),
        line: text => this.#send({ type: 'lines', text }),
      },
      thread: { index: this.#options.index, count: this.#options.count },
      nowMs: () => performance.now(),
      askServer: query => tables.pipeline.ask(query, this.#router),
      askControl: (topic, argument) => this.#askControl(topic, argument),
    }
    let next
    try {
      next = new ThreadConfiguration(configuration.blocks, services, {
        kept: this.#kept,
        share: block => this.#sharing(block, tables.reader),
      })
    } catch (error) {
      this.#kept.abandon()
      throw error
    }
    const before = this.#configuration
    this.#configuration = next
    this.#tables = tables
    this.#router = new BlockRouter([...next.blocks.values()])
    this.#kept.settle()
    this.#listeners ??= new ThreadListeners(this.#options.reusePort)
    const failures = await this.#listeners.rebind(
      configuration.listeners.map(listener => ({
        ...listener,
        pipeline: tables.pipeline,
        router: next.routerOf(listener),
      })),
    )
    before?.close()
    return failures
  }

  connectPeer(index: number, port: MessagePort): void {
    this.#peers.connect(index, port)
  }

  /** The control thread has answered a question. */
  settle(id: number, value: unknown, error: string | undefined): void {
    const question = this.#questions.get(id)
    this.#questions.delete(id)
    if (error === undefined) question?.resolve(value)
    else question?.reject(new Error(error))
  }

  async close(): Promise<void> {
    await this.#listeners?.close()
    this.#configuration?.close()
    this.#kept.settle()
    this.#kept.settle()
    this.#peers.close()
  }

  /** The tables of before where they are the same memory: a reader has its own epoch in them. */
  #openTables({ answers, clients }: ServingConfiguration): Tables {
    if (this.#tables?.answersMemory === answers && this.#tables.clientsMemory === clients) {
      return this.#tables
    }
    const { index } = this.#options
    const reader = new AnswerReader(answers, index)
    const table = new TableAnswers(reader, randomInt(1, 2 ** 31))
    return {
      answersMemory: answers,
      clientsMemory: clients,
      reader,
      clients: new AnswerReader(clients, index),
      answers: table,
      pipeline: new QueryPipeline({
        table,
        nowMs: () => performance.now(),
        onFault: error => this.#reportFault(error),
      }),
    }
  }

  /** Names outside the cluster belong to one thread each, so that one of them asks upstream and one keeps the answer. */
  #sharing(block: string, reader: AnswerReader): Sharing['ask'] {
    const { index, count } = this.#options
    return query => {
      if (count === 1) return undefined
      const nameHash = hashName(query.name)
      const owner = ownerOf(nameHash, count)
      const name = { name: query.name, nameBytes: query.name.length, nameHash }
      if (owner === index || reader.isInZone(name)) return undefined
      return this.#askPeer(owner, block, query)
    }
  }

  async #askPeer(owner: number, block: string, query: Query): Promise<SharedReply> {
    const answer = await this.#peers.ask(owner, block, query)
    return answer ?? this.#configuration!.blocks.get(block)!.chain.answerShared(query)
  }

  async #answerPeer({ block, query }: PeerRequest): Promise<SharedReply | undefined> {
    try {
      return await this.#configuration?.blocks.get(block)?.chain.answerShared(query)
    } catch (error) {
      // The thread that asked asks itself, and reports what comes of it.
      this.#reportFault(error)
      return undefined
    }
  }

  #reportFault(error: unknown): void {
    this.#metrics.counter('coredns_panics_total').add()
    this.#send({ type: 'fault', message: String((error as Error).stack ?? error) })
  }

  #askControl(topic: string, argument: unknown): Promise<unknown> {
    const id = this.#nextQuestion++
    const question = Promise.withResolvers<unknown>()
    this.#questions.set(id, question)
    this.#send({ type: 'ask', id, topic, argument })
    return question.promise
  }
}

interface Tables {
  readonly answersMemory: SharedArrayBuffer
  readonly clientsMemory: SharedArrayBuffer
  readonly reader: AnswerReader
  readonly clients: AnswerReader
  readonly answers: TableAnswers
  readonly pipeline: QueryPipeline
}
