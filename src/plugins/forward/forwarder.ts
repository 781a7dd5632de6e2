import { randomInt } from 'node:crypto'
import type { Counter } from '../../lib/metric-cells.ts'
import { Rcode } from '../../dns/rcode.ts'
import { isInZone, isSameName, parseName, type WireName } from '../../dns/wire-name.ts'
import type { Query, Reply } from '../handler.ts'
import type { ClientLimits } from './client-limits.ts'
import type { ForwardSettings } from './forward-settings.ts'
import { keyOf, questionOf } from './forwarded-question.ts'
import { failed, relay, type Relayed } from './relayed-reply.ts'
import type { Question } from './outcome.ts'
import { UpstreamOrder } from './upstream-order.ts'
import { UpstreamSearch } from './upstream-search.ts'
import type { UpstreamSet } from './upstream-set.ts'

interface ForwarderOptions {
  readonly set: UpstreamSet
  readonly clients: ClientLimits
  readonly threads: number
  readonly nowMs: () => number
  readonly rejects: Counter
  readonly allDown: Counter
}

/** A question that is with an upstream now, and how many wait for its answer. */
interface Flight {
  readonly relayed: Promise<Relayed>
  waiters: number
}

const usualMaxConcurrent = 1000
const mostWaiters = 100
const attemptsPerUpstream = 2

/** One `forward` directive: which names it is for, and what its upstreams say to them. */
export class Forwarder {
  readonly #settings: ForwardSettings
  readonly #options: ForwarderOptions
  readonly #from: readonly WireName[]
  readonly #except: readonly WireName[]
  readonly #order: UpstreamOrder
  readonly #flights = new Map<string, Flight>()
  readonly #maxConcurrent: number

  constructor(settings: ForwardSettings, options: ForwarderOptions) {
    this.#settings = settings
    this.#options = options
    this.#from = settings.from.map(zone => parseName(zone)!)
    this.#except = settings.except.map(zone => parseName(zone)!)
    this.#order = new UpstreamOrder(settings.policy)
    this.#maxConcurrent = settings.maxConcurrent || usualMaxConcurrent
  }

  matches({ name }: Query): boolean {
    if (!this.#from.some(zone => isInZone(name, zone))) return false
    if (this.#from.some(zone => isSameName(name, zone))) return true
    return !this.#except.some(zone => isInZone(name, zone))
  }

  /** For some names only, not for all there are. */
  get isParticular(): boolean {
    return this.#from.every(zone => zone.length > 1)
  }

  /** The answer is one that another `forward` should try. */
  passesOn(reply: Reply): boolean {
    if (!reply.isFromUpstream) return false
    const { nextRcodes, nextOnNodata } = this.#settings
    if (nextRcodes.includes(reply.rcode)) return true
    return nextOnNodata && reply.rcode === Rcode.noError && !reply.answers?.length
  }

  async ask(query: Query): Promise<Reply> {
    const { clients } = this.#options
    const { address } = query.client
    if (!clients.enter(address)) return this.#reject(clients.most).reply
    try {
      const { reply, isAuthentic } = await this.#find(query)
      const wantsToKnow = query.authenticData || query.edns?.dnssecOk === true
      return isAuthentic && wantsToKnow ? { ...reply, authenticData: true } : reply
    } finally {
      clients.leave(address)
    }
  }

  /** One question upstream for all who ask it meanwhile. */
  #find(query: Query): Relayed | Promise<Relayed> {
    const { set, nowMs, threads } = this.#options
    const question = questionOf(query)
    const key = keyOf(query, question)
    const before = set.failures.lookup(key, nowMs())
    if (before) return before
    const flight = this.#flights.get(key)
    if (flight) {
      if (flight.waiters >= mostWaiters) return this.#reject(mostWaiters)
      flight.waiters++
      return flight.relayed
    }
    if (this.#flights.size >= Math.ceil(this.#maxConcurrent / threads)) {
      return this.#reject(this.#maxConcurrent)
    }
    const relayed = this.#search(question).then(found => {
      this.#flights.delete(key)
      set.failures.note(key, found, nowMs())
      return found
    })
    this.#flights.set(key, { relayed, waiters: 1 })
    return relayed
  }

  async #search(question: Question): Promise<Relayed> {
    const { set, nowMs, allDown } = this.#options
    const { failoverRcodes, failfast, maxConnectAttempts, transport } = this.#settings
    const { all } = set
    const search = new UpstreamSearch(question, {
      upstreams: this.#order.next(all),
      isHedged: this.#order.areAlike,
      failoverRcodes,
      maxAttempts: maxConnectAttempts ?? attemptsPerUpstream * all.length,
      failfast,
      readTimeoutMs: transport.readTimeoutMs,
      nowMs,
      onAllDown: () => allDown.add(),
      random: below => (below > 0 ? randomInt(below) : 0),
    })
    const found = await search.run()
    return 'reply' in found ? relay(found.reply) : failed(found.error, 'failure')
  }

  #reject(most: number): Relayed {
    this.#options.rejects.add()
    return failed(`concurrent queries exceeded maximum ${most}`)
  }
}
