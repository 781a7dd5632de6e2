import { Rcode } from '../../dns/rcode.ts'
import { RrType } from '../../dns/rr-type.ts'
import { classIn } from '../../dns/header.ts'
import { parseName } from '../../dns/wire-name.ts'
import { renderHostPort } from '../../lib/host-port.ts'
import type { MetricCells } from '../../lib/metric-cells.ts'
import { ConnectionPool } from './connection-pool.ts'
import type { TransportSettings } from './forward-settings.ts'
import type { Outcome, Question } from './outcome.ts'
import { RandomIds } from './random-ids.ts'
import { RandomSpelling, spelledAs } from './random-spelling.ts'
import { askOverUdp, type UdpExchange } from './udp-exchange.ts'
import type { UpstreamAddress } from './upstream-address.ts'
import { UpstreamHealth } from './upstream-health.ts'
import { UpstreamMetrics } from './upstream-metrics.ts'

interface UpstreamOptions {
  readonly transport: TransportSettings
  readonly metrics: MetricCells
  readonly nowMs: () => number
  readonly onRecovery: () => void
}

/** How long one server may take, and until when the whole search for an answer may. */
export interface TryTimes {
  readonly timeoutMs: number
  readonly untilMs: number
}

const probeTimeoutMs = 1000

/** A server without EDNS may be replaced by one that has it. */
const withoutEdnsMs = 15 * 60_000

/** As long as that, for the same reason. */
const withoutCaseMs = withoutEdnsMs

/** The share of the last answer in the average time of answers. */
const latestWeight = 0.25

/** One server that questions are forwarded to: how to reach it, how it does. */
export class Upstream {
  readonly server: UpstreamAddress
  readonly health: UpstreamHealth
  readonly #options: UpstreamOptions
  readonly #metrics: UpstreamMetrics
  readonly #pool: ConnectionPool
  readonly #ids = new RandomIds()
  readonly #spelling = new RandomSpelling()
  #ednsAgainMs = 0
  #caseAgainMs = 0
  #latencyMs: number | undefined

  constructor(server: UpstreamAddress, options: UpstreamOptions) {
    this.server = server
    this.#options = options
    const { transport } = options
    this.#metrics = new UpstreamMetrics(options.metrics, renderHostPort(server))
    const proto = server.scheme === 'tls' ? 'tcp-tls' : 'tcp'
    this.#pool = new ConnectionPool(server, {
      transport,
      ids: this.#ids,
      nowMs: options.nowMs,
      onTake: connection => this.#metrics.took(connection, proto),
    })
    this.health = new UpstreamHealth({
      maxFails: transport.maxFails,
      intervalMs: transport.healthCheck.intervalMs,
      probe: () => this.#probe(),
      onProbeFailure: () => this.#metrics.probeFailed(),
      onRecovery: options.onRecovery,
    })
  }

  /** Moving average of the time to an answer; `undefined` before the first. */
  get latencyMs(): number | undefined {
    return this.#latencyMs
  }

  /** Asks this server, over UDP first where that is allowed, and over TCP what does not fit or looks forged. */
  async ask(question: Question, times: TryTimes): Promise<Outcome> {
    const { nowMs } = this.#options
    const startedMs = nowMs()
    this.#metrics.asked()
    const { edns, ...plain } = question
    const isPlain = startedMs < this.#ednsAgainMs
    let outcome = await this.#askOnce(isPlain ? plain : question, times)
    if (!isPlain && edns && isIgnorantOfEdns(outcome)) {
      outcome = await this.#askOnce(plain, times)
      if (!isIgnorantOfEdns(outcome)) this.#ednsAgainMs = nowMs() + withoutEdnsMs
    }
    if (outcome.kind === 'reply') {
      const tookMs = nowMs() - startedMs
      this.#metrics.answered(outcome.reply.rcode, tookMs / 1000)
      const before = this.#latencyMs ?? tookMs
      this.#latencyMs = before + (tookMs - before) * latestWeight
      this.health.succeeded()
    } else if (outcome.kind !== 'malformed' && outcome.kind !== 'suspicious') {
      this.health.failed()
    }
    return outcome
  }

  close(): void {
    this.health.close()
    this.#pool.close()
  }

  async #askOnce(question: Question, times: TryTimes): Promise<Outcome> {
    if (this.#isTcpOnly || question.type === RrType.any) {
      return this.#pool.ask(question, this.#timeLeft(times))
    }
    const first = await this.#askUdpSpelled(question, times)
    const isCut = first.kind === 'reply' && first.reply.tc
    if (!isCut && first.kind !== 'suspicious') return first
    const second = await this.#pool.ask(question, this.#timeLeft(times))
    // Something is better than nothing, and says of itself that it is not all.
    return isCut && second.kind !== 'reply' ? first : second
  }

  get #isTcpOnly(): boolean {
    return this.server.scheme === 'tls' || this.#options.transport.forceTcp
  }

  /** In random letter case where that is wanted and the server is not known to lose it. */
  async #askUdpSpelled(question: Question, times: TryTimes): Promise<Outcome> {
    const { nowMs, transport } = this.#options
    const isRandom = transport.isCaseRandom && nowMs() >= this.#caseAgainMs
    if (!isRandom) return this.#askUdp(question, this.#timeLeft(times), 'any')
    const name = this.#spelling.spell(question.name)
    const outcome = await this.#askUdp({ ...question, name }, this.#timeLeft(times), 'exact')
    if (outcome.kind === 'reply')
      return { ...outcome, reply: spelledAs(question.name, outcome.reply) }
    if (outcome.kind !== 'respelled') return outcome
    const again = await this.#askUdp(question, this.#timeLeft(times), 'any')
    if (again.kind === 'reply') this.#caseAgainMs = nowMs() + withoutCaseMs
    return again
  }

  #askUdp(
    question: Question,
    timeoutMs: number,
    spelling: UdpExchange['spelling'],
  ): Promise<Outcome> {
    this.#metrics.took('new', 'udp')
    const { sourceAddress } = this.#options.transport
    const id = this.#ids.next()
    return askOverUdp(question, { server: this.server, sourceAddress, id, spelling, timeoutMs })
  }

  #timeLeft({ timeoutMs, untilMs }: TryTimes): number {
    return Math.max(1, Math.min(timeoutMs, untilMs - this.#options.nowMs()))
  }

  async #probe(): Promise<boolean> {
    const { recursionDesired, domain } = this.#options.transport.healthCheck
    const question: Question = {
      name: parseName(domain)!,
      type: RrType.ns,
      class: classIn,
      recursionDesired,
      checkingDisabled: false,
    }
    const { kind } = this.#isTcpOnly
      ? await this.#pool.ask(question, probeTimeoutMs)
      : await this.#askUdp(question, probeTimeoutMs, 'any')
    return kind === 'reply' || kind === 'malformed'
  }
}

/** RFC 6891 §7: without EDNS an OPT is an error of form, and the reply has none either. */
function isIgnorantOfEdns(outcome: Outcome): boolean {
  if (outcome.kind !== 'reply' || outcome.reply.opt) return false
  const { rcode } = outcome.reply
  return rcode === Rcode.formErr || rcode === Rcode.notImp
}
