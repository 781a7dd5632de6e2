import { isFailure } from '../../dns/rcode.ts'
import type { UpstreamReply } from '../../dns/upstream-reply.ts'
import type { Outcome, Question } from './outcome.ts'
import type { TryTimes } from './upstream.ts'

/** An upstream, as far as a search needs to know it. */
interface Askable {
  readonly health: { readonly isDown: boolean }
  readonly latencyMs: number | undefined
  ask(question: Question, times: TryTimes): Promise<Outcome>
}

interface SearchOptions {
  /** In the order in which they are to be asked. */
  readonly upstreams: readonly Askable[]
  /** Ask a second one too when the first is slow. */
  readonly isHedged: boolean
  /** Replies with these are worth asking the next one. */
  readonly failoverRcodes: readonly number[]
  /** 0 for as many as there is time for. */
  readonly maxAttempts: number
  /** Ask nobody when all are down, instead of one by chance. */
  readonly failfast: boolean
  /** `undefined` for the usual times of a try. */
  readonly readTimeoutMs: number | undefined
  readonly nowMs: () => number
  /** All upstreams are down. */
  readonly onAllDown: () => void
  /** A whole number from 0 and below `below`. */
  readonly random: (below: number) => number
}

/** What came of it: a reply, or why there is none. */
type Found = { readonly reply: UpstreamReply } | { readonly error: string }

/** The C libraries give up after 5 s: an answer after that serves nobody. */
const totalMs = 3900
const firstTryMs = 1500
const laterTryMs = 2000
/** RFC 9520 §3.1. */
const mostTriesPerServer = 3
const mostAtOnce = 2
const hedgeLatencies = 3
const leastHedgeMs = 150

/** The search of one question for an answer: which server is asked when, and which reply is taken. */
export class UpstreamSearch {
  readonly #question: Question
  readonly #options: SearchOptions
  readonly #result = Promise.withResolvers<Found>()
  readonly #untilMs: number
  readonly #tries = new Map<Askable, number>()
  readonly #running = new Set<Askable>()
  #position = 0
  #attempts = 0
  #failovers = 0
  #hedge: NodeJS.Timeout | undefined
  /** A reply that is taken when no better one comes. */
  #spare: UpstreamReply | undefined
  #error = 'no healthy proxies'
  #isDone = false

  constructor(question: Question, options: SearchOptions) {
    this.#question = question
    this.#options = options
    this.#untilMs = options.nowMs() + totalMs
  }

  /** Once. Never rejects. */
  run(): Promise<Found> {
    this.#goOn()
    return this.#result.promise
  }

  /** Asks the next server, or ends the search where nothing is left to try. */
  #goOn(): void {
    if (this.#ask() || this.#running.size > 0) return
    this.#finish(this.#spare ? { reply: this.#spare } : { error: this.#error })
  }

  #ask(): boolean {
    const { maxAttempts, readTimeoutMs, nowMs } = this.#options
    const leftMs = this.#untilMs - nowMs()
    if (leftMs <= 1 || (maxAttempts > 0 && this.#attempts >= maxAttempts)) return false
    const upstream = this.#pick()
    if (!upstream) return false
    const usualMs = this.#attempts === 0 ? firstTryMs : laterTryMs
    const timeoutMs = Math.min(readTimeoutMs ?? usualMs, leftMs)
    this.#attempts++
    this.#tries.set(upstream, (this.#tries.get(upstream) ?? 0) + 1)
    this.#running.add(upstream)
    void upstream
      .ask(this.#question, { timeoutMs, untilMs: this.#untilMs })
      // What throws is a setting that the system does not take: no answer either.
      .catch((error: Error): Outcome => ({ kind: 'unreachable', text: error.message }))
      .then(outcome => this.#settle(upstream, outcome))
    this.#armHedge(upstream)
    return true
  }

  #pick(): Askable | undefined {
    const { upstreams, failfast, random, onAllDown } = this.#options
    const isOpen = (upstream: Askable): boolean =>
      !this.#running.has(upstream) && (this.#tries.get(upstream) ?? 0) < mostTriesPerServer
    for (let i = 0; i < upstreams.length; i++) {
      const position = (this.#position + i) % upstreams.length
      const upstream = upstreams[position]!
      if (upstream.health.isDown || !isOpen(upstream)) continue
      this.#position = position + 1
      return upstream
    }
    if (upstreams.length === 0 || upstreams.some(({ health }) => !health.isDown)) return undefined
    onAllDown()
    if (failfast) return undefined
    // The checks may be what is broken.
    const open = upstreams.filter(isOpen)
    return open[random(open.length)]
  }

  #armHedge(upstream: Askable): void {
    clearTimeout(this.#hedge)
    const { isHedged, upstreams } = this.#options
    if (!isHedged || this.#running.size >= mostAtOnce) return
    const waitMs = Math.max(leastHedgeMs, hedgeLatencies * (upstream.latencyMs ?? 0))
    this.#hedge = setTimeout(() => {
      const hasOther = upstreams.some(other => !other.health.isDown && !this.#running.has(other))
      if (hasOther) this.#ask()
    }, waitMs)
  }

  #settle(upstream: Askable, outcome: Outcome): void {
    this.#running.delete(upstream)
    if (this.#isDone) return
    if (outcome.kind !== 'reply') {
      this.#error = outcome.text
      const isContent = this.#spare && !this.#options.failoverRcodes.includes(this.#spare.rcode)
      if (!isContent) this.#goOn()
      else if (this.#running.size === 0) this.#finish({ reply: this.#spare! })
      return
    }
    const { reply } = outcome
    const { failoverRcodes, upstreams } = this.#options
    const isLast = this.#failovers >= upstreams.length - 1
    if (failoverRcodes.includes(reply.rcode) && !isLast) {
      this.#failovers++
      this.#spare = reply
      this.#goOn()
    } else if (isFailure(reply.rcode) && this.#running.size > 0) {
      this.#spare = reply
    } else {
      this.#finish({ reply })
    }
  }

  #finish(found: Found): void {
    this.#isDone = true
    clearTimeout(this.#hedge)
    this.#result.resolve(found)
  }
}
