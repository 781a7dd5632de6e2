import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { classIn } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import { RrType } from '../../dns/rr-type.ts'
import { isInZone, parseName, renderName, type WireName } from '../../dns/wire-name.ts'
import type { Answer, Handler, Query, Reply } from '../handler.ts'
import type { ServingContext } from '../serving-context.ts'
import { probeName } from './probe-name.ts'

/** How long it looks after the start, and how often while there is a loop. As CoreDNS looks. */
const watchMs = 30_000
const retryMs = 1000
/** One could be a query that somebody has read on the way and repeats. */
const mostEchoes = 1
/** With several upstreams, one clean probe says little about the others. */
const cleanProbesToRecover = 4

type Echo = 'silent' | 'echoed'

/**
 * Asks upstream for names that only this thread knows. When one of them comes back as a question, what is forwarded comes
 * back here: from then on nothing is, until probes find that the loop has gone.
 *
 * A probe starts as a question to the whole server for another name, the trigger, which is exchanged for the probe's name
 * here: a cache in front, which lets the second of two like questions wait for the first, would never let the echo come through.
 */
export class LoopDetector {
  readonly #zone: WireName
  /** Of this detector alone: there may be two during a change of the configuration. */
  readonly #key = randomUUID()
  readonly #context: ServingContext
  readonly #triggers = new Map<string, WireName>()
  readonly #probes = new Map<string, Echo>()
  readonly #end = new AbortController()
  #echoes = 0
  #isLoop = false

  constructor(zone: string, context: ServingContext) {
    this.#zone = parseName(zone)!
    this.#context = context
    // The chain that this link is for is not there yet.
    setImmediate(() => void this.#watch())
  }

  readonly handle: Handler = (query, next) => {
    if (query.type === RrType.hinfo) {
      const key = keyOf(query.name)
      const probe = this.#triggers.get(key)
      if (probe) return next({ ...query, name: probe, spelling: probe })
      if (this.#probes.has(key)) return this.#noteEcho(query, key)
    }
    return this.#isLoop && isInZone(query.name, this.#zone) ? looping : next()
  }

  close(): void {
    this.#end.abort()
    // Another detector, if there is one, finds out for itself.
    if (this.#isLoop) void this.#askControl('recovery')
  }

  /** Looks at the start, and again and again while there is a loop. */
  async #watch(): Promise<void> {
    if (this.#end.signal.aborted) return
    await this.#probeFor(watchMs, 1)
    while (this.#isLoop && (await this.#pause(watchMs))) {
      this.#probes.clear()
      if (await this.#probeFor(watchMs, cleanProbesToRecover)) {
        this.#isLoop = false
        void this.#tellEnd()
      }
    }
    // Echoes may be late.
    if (await this.#pause(watchMs)) this.#probes.clear()
  }

  /** Probes until enough have been answered without an echo, which is true; false when one has come back too often, or time is up. */
  async #probeFor(forMs: number, cleanProbes: number): Promise<boolean> {
    const { nowMs } = this.#context
    const untilMs = nowMs() + forMs
    this.#echoes = 0
    for (let clean = 0; nowMs() < untilMs;) {
      const result = await this.#probe()
      if (this.#end.signal.aborted || this.#echoes > mostEchoes) return false
      if (result === 'clean' && ++clean === cleanProbes) return true
      if (result === 'unanswered' && !(await this.#pause(retryMs))) return false
    }
    return false
  }

  async #probe(): Promise<'clean' | 'echoed' | 'unanswered'> {
    const { thread, askServer } = this.#context
    const trigger = probeName(this.#zone, thread)
    const probe = probeName(this.#zone, thread)
    if (!trigger || !probe) return 'clean'
    const key = keyOf(probe)
    this.#triggers.set(keyOf(trigger), probe)
    this.#probes.set(key, 'silent')
    let answer: Reply | undefined
    try {
      answer = await askServer(queryFor(trigger))
    } catch {
      // The same as no answer: there will be another probe.
    }
    this.#triggers.delete(keyOf(trigger))
    if (this.#probes.get(key) === 'echoed') return 'echoed'
    return answer && answer.rcode !== Rcode.servFail ? 'clean' : 'unanswered'
  }

  /** Answered at once: passed on, it would go round. */
  #noteEcho(query: Query, key: string): Answer {
    this.#probes.set(key, 'echoed')
    if (++this.#echoes > mostEchoes && !this.#isLoop) {
      this.#isLoop = true
      void this.#tellLoop(query)
    }
    return echoed
  }

  /** Every thread finds the loop; the first one says so. */
  async #tellLoop({ name, client }: Query): Promise<void> {
    if ((await this.#askControl('failure')) === false) return
    const { address, port } = client
    const from = client.family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
    const here = this.#context.block.server.replace(/^[a-z]+:\/\//, '')
    this.#context.log.error(
      'loop',
      `Loop (${from} -> ${here}) detected for zone ${this.#zoneText}, see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO ${renderName(name)}". Nothing is forwarded until it is gone: give \`forward\` servers that do not ask this one, or correct the resolv.conf that it names`,
    )
  }

  async #tellEnd(): Promise<void> {
    if ((await this.#askControl('recovery')) === false) return
    this.#context.log.info('loop', `no loop any more for zone ${this.#zoneText}: forwarding`)
  }

  /** Tells the control thread, which `/ready` asks; false when other threads have told the same or still do. */
  async #askControl(topic: 'failure' | 'recovery'): Promise<unknown> {
    const { server, view } = this.#context.block
    const part = ['loop', server, this.#zoneText, view].join(' ').trimEnd()
    try {
      return await this.#context.askControl(topic, { key: this.#key, part })
    } catch {
      // Nobody there who could know more: it is told.
      return undefined
    }
  }

  get #zoneText(): string {
    return `"${renderName(this.#zone)}"`
  }

  /** False when there is nothing to wait for any more. */
  async #pause(ms: number): Promise<boolean> {
    try {
      await wait(ms, undefined, { ref: false, signal: this.#end.signal })
      return true
    } catch {
      // Closed.
      return false
    }
  }
}

/** Our own question, which no log needs. */
const echoed: Reply = {
  rcode: Rcode.servFail,
  authoritative: false,
  recursionAvailable: true,
}

const looping: Reply = {
  ...echoed,
  error: 'queries that are forwarded come back: see the error of plugin/loop',
}

function keyOf(name: WireName): string {
  return String.fromCharCode(...name)
}

function queryFor(name: WireName): Query {
  return {
    name,
    spelling: name,
    type: RrType.hinfo,
    class: classIn,
    id: 0,
    recursionDesired: true,
    checkingDisabled: false,
    authenticData: false,
    edns: undefined,
    limitBytes: 512,
    messageBytes: 0,
    client: { address: '127.0.0.1', port: 0, family: 'IPv4', transport: 'udp' },
    depth: 0,
    metadata: new Map(),
  }
}
