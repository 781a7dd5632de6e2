import { Rcode } from '../dns/rcode.ts'
import type { Answer, Handler, Query, Reply } from './handler.ts'
import type { Link } from './plugin.ts'

const refused: Reply = { rcode: Rcode.refused, authoritative: false }

/** A link with its name, which metrics show. */
export interface NamedLink extends Link {
  readonly name: string
}

/** A query on its way: the last link that it has come to, which is the one that answers it. */
export interface Trail {
  plugin: string
}

/** A reply that another serving thread has found, and the link that has. */
export interface SharedReply {
  readonly reply: Reply
  readonly plugin: string
}

/** Where the work of a chain is divided among the serving threads. */
export interface Sharing {
  /** Number of the first link whose work is divided. */
  readonly first: number
  /** Asks the thread that the query belongs to; `undefined` when that is this one. */
  ask(query: Query): Promise<SharedReply> | undefined
}

/** The links of one server block in order; what none of them answers is REFUSED. */
export class Chain {
  readonly links: readonly NamedLink[]
  readonly #handlers: readonly Handler[]
  readonly #names: readonly string[]
  readonly #sharing: Sharing | undefined
  readonly #preparations: readonly NonNullable<Link['prepare']>[]

  constructor(links: readonly NamedLink[], sharing?: Sharing) {
    this.links = links
    this.#handlers = links.map(link => link.handle)
    this.#names = links.map(link => link.name)
    this.#sharing = sharing
    this.#preparations = links.flatMap(link => link.prepare ?? [])
  }

  /** A query of a client as the links want it. Once per query, before all else. */
  prepare(query: Query): Query {
    return this.#preparations.reduce((prepared, prepare) => prepare(prepared), query)
  }

  /** Asks all links. */
  answer(query: Query, trail: Trail): Answer {
    return this.#run(query, trail, { position: 0, sharing: this.#sharing })
  }

  /** Asks the links whose work is divided, for another thread. */
  async answerShared(query: Query): Promise<SharedReply> {
    const trail = { plugin: '' }
    const position = this.#sharing?.first ?? 0
    const reply = await this.#run(query, trail, { position, sharing: undefined })
    return { reply, plugin: trail.plugin }
  }

  close(): void {
    for (const link of this.links) link.close?.()
  }

  #run(
    query: Query,
    trail: Trail,
    { position, sharing }: { readonly position: number; readonly sharing: Sharing | undefined },
  ): Answer {
    if (position === sharing?.first) {
      const elsewhere = sharing.ask(query)
      if (elsewhere) {
        return elsewhere.then(({ reply, plugin }) => {
          trail.plugin = plugin
          return reply
        })
      }
    }
    const handler = this.#handlers[position]
    trail.plugin = this.#names[position] ?? ''
    if (!handler) return refused
    return handler(query, (other = query) =>
      this.#run(other, trail, { position: position + 1, sharing }),
    )
  }
}
