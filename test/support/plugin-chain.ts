import { AnswerReader } from '../../src/answers/answer-reader.ts'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { TableAnswers } from '../../src/answers/table-answers.ts'
import { parseRrType } from '../../src/dns/rr-type.ts'
import { renderRcode } from '../../src/dns/rcode.ts'
import { renderRecord } from '../../src/dns/record-text.ts'
import { lowerCaseName, parseName } from '../../src/dns/wire-name.ts'
import { MetricCells, type MetricSeries } from '../../src/lib/metric-cells.ts'
import { ReadBlock } from '../../src/plugins/build-chain.ts'
import { Chain, type NamedLink } from '../../src/plugins/chain.ts'
import type { Answer, Handler, Query, Reply } from '../../src/plugins/handler.ts'
import type { BlockContext, Kept } from '../../src/plugins/serving-context.ts'
import { parseFiles } from './corefile-files.ts'

/** What a test may put in the place of the real thing. */
export interface ChainSetting {
  readonly files?: Readonly<Record<string, string>>
  /** The answer table that `kubernetes` answers from. */
  readonly answers?: AnswerWriter
  readonly clients?: AnswerWriter
  readonly nowMs?: () => number
  /** What stands behind the last link instead of REFUSED. */
  readonly behind?: Handler
  readonly askServer?: (query: Query) => Answer
  /** What a chain before this one has kept; the one that is closed last closes it. */
  readonly kept?: Map<string, Kept>
  readonly askControl?: (topic: string, argument: unknown) => Promise<unknown>
}

/**
 * The chain of the first server block of a Corefile, in this thread, without sockets of its own:
 * `chainOf('. {\n any\n}').ask('web.example. ANY')`. Close it at the end.
 */
export class PluginChain {
  readonly chain: Chain
  readonly block: ReadBlock
  /** `info plugin/cache: …`, and lines of the query log as they are. */
  readonly logged: string[] = []
  /** Everything that is counted, see {@link PluginChain.count}. */
  readonly #series: MetricSeries[] = []
  readonly #kept: Map<string, Kept>
  readonly #setting: ChainSetting

  constructor(corefile: string, setting: ChainSetting = {}) {
    this.#setting = setting
    this.#kept = setting.kept ?? new Map<string, Kept>()
    const { blocks } = parseFiles({ ...setting.files, Corefile: corefile })
    const { keys, directives } = blocks[0]!
    const zones = keys.map(({ zone }) => zone)
    this.block = new ReadBlock(directives, { zones, port: keys[0]!.port })
    const built = this.block.build(this.#context(zones), () => undefined)
    this.chain = setting.behind
      ? new Chain([...built.links, { name: 'behind', handle: setting.behind }])
      : built
  }

  link(name: string): NamedLink {
    return this.chain.links.find(link => link.name === name)!
  }

  /** Asks `name. TYPE`; what `more` says is in the query. */
  ask(question: string, more: Partial<Query> = {}): Answer {
    return this.chain.answer(this.chain.prepare(queryOf(question, more)), { plugin: '' })
  }

  /** The value of one series now; 0 when nothing has been counted. Of a histogram, the number of observations. */
  count(name: string, labels: Readonly<Record<string, string>> = {}): number {
    let sum = 0
    for (const series of this.#series) {
      if (series.name !== name) continue
      if (Object.entries(labels).some(([key, value]) => series.labels[key] !== value)) continue
      const length = series.kind === 'histogram' ? series.buckets.length + 1 : 1
      for (const value of new Float64Array(series.cells, series.first * 8, length)) sum += value
    }
    return sum
  }

  close(): void {
    this.chain.close()
    for (const state of this.#kept.values()) state.close()
  }

  #context(zones: readonly string[]): BlockContext {
    const setting = this.#setting
    const reader = new AnswerReader((setting.answers ?? new AnswerWriter()).buffer, 0)
    const note = (level: string) => (plugin: string, text: string) => {
      this.logged.push(`${level} plugin/${plugin}: ${text}`)
    }
    return {
      block: { server: 'dns://:53', zones, view: this.block.view },
      table: new TableAnswers(reader, 1),
      reader,
      clients: new AnswerReader((setting.clients ?? new AnswerWriter()).buffer, 0),
      metrics: new MetricCells(series => this.#series.push(series)),
      log: {
        info: note('info'),
        warn: note('warn'),
        error: note('error'),
        line: text => this.logged.push(text),
      },
      thread: { index: 0, count: 1 },
      nowMs: setting.nowMs ?? ((): number => performance.now()),
      askServer: query => setting.askServer?.(query) ?? this.chain.answer(query, { plugin: '' }),
      askControl: (topic, argument) =>
        setting.askControl?.(topic, argument) ?? Promise.resolve(undefined),
      keep: (key, make) => {
        const state = this.#kept.get(key) ?? make()
        this.#kept.set(key, state)
        return state as ReturnType<typeof make>
      },
    }
  }
}

/** `web.example. AAAA` from 192.0.2.1 over UDP, without EDNS, RD set. */
export function queryOf(question: string, more: Partial<Query> = {}): Query {
  const [text = '', type = 'A'] = question.split(' ')
  const spelling = parseName(text)!
  return {
    name: lowerCaseName(spelling),
    spelling,
    type: parseRrType(type)!,
    class: 1,
    id: 1,
    recursionDesired: true,
    checkingDisabled: false,
    authenticData: false,
    edns: undefined,
    limitBytes: 512,
    messageBytes: spelling.length + 16,
    client: { address: '192.0.2.1', port: 4000, family: 'IPv4', transport: 'udp' },
    depth: 0,
    metadata: new Map(),
    ...more,
  }
}

/** A reply as text: rcode and flags, then the records of each section that has any. */
export function renderReply(reply: Reply): {
  readonly rcode: string
  readonly answer: readonly string[]
  readonly authority: readonly string[]
  readonly additional: readonly string[]
} {
  const { rcode, answers = [], authority = [], additional = [] } = reply
  return {
    rcode: renderRcode(rcode),
    answer: answers.map(renderRecord),
    authority: authority.map(renderRecord),
    additional: additional.map(renderRecord),
  }
}
