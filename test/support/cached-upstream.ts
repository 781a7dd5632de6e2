import { parseRecord } from '../../src/dns/record-text.ts'
import type { ResourceRecord } from '../../src/dns/resource-record.ts'
import { parseRcode } from '../../src/dns/rcode.ts'
import { parseName } from '../../src/dns/wire-name.ts'
import type { Answer, Query, Reply } from '../../src/plugins/handler.ts'
import { PluginChain, renderReply } from './plugin-chain.ts'

/** `example. 300 IN SOA …` with a MINIMUM of 60. */
export const soa = 'example. 300 IN SOA a.example. b.example. 1 2 3 4 60'

/** What an upstream server answers: records as zone-file lines. */
export interface UpstreamText extends Partial<Omit<Reply, 'rcode' | 'answers' | 'authority'>> {
  readonly rcode?: string
  readonly answers?: readonly string[]
  readonly authority?: readonly string[]
}

/** A chain with a cache, an upstream server that answers as told, and a clock that goes as told. */
export class CachedUpstream {
  readonly chain: PluginChain
  /** What the upstream server was asked. */
  readonly asked: Query[] = []
  nowMs = 1e6
  answer: (query: Query) => Answer = () => upstreamReply({})

  /** `directive` is all that stands behind `cache`. */
  constructor(directive: string) {
    this.chain = new PluginChain(`. {\n cache ${directive}\n}`, {
      nowMs: () => this.nowMs,
      behind: query => {
        this.asked.push(query)
        return this.answer(query)
      },
    })
  }

  set reply(text: UpstreamText) {
    this.answer = () => upstreamReply(text)
  }

  /** Asks, and renders the answer: `NOERROR web.example. 300 IN A 192.0.2.1`. */
  async ask(question: string, more: Partial<Query> = {}): Promise<string> {
    const { rcode, answer, authority } = renderReply(await this.chain.ask(question, more))
    return [rcode, ...answer, ...authority].join('\n')
  }

  /** Lets what runs in the background come to its end. */
  async settle(): Promise<void> {
    for (let i = 0; i < 10; i++) await Promise.resolve()
  }
}

export function upstreamReply({ rcode, answers, authority, ...more }: UpstreamText): Reply {
  return {
    rcode: parseRcode(rcode ?? 'NOERROR')!,
    authoritative: false,
    recursionAvailable: true,
    answers: (answers ?? []).map(recordOf),
    authority: (authority ?? []).map(recordOf),
    isFromUpstream: true,
    ...more,
  }
}

function recordOf(line: string): ResourceRecord {
  const parsed = parseRecord(line, { origin: parseName('.')!, ttlSeconds: 300 })
  if ('error' in parsed) throw new Error(`${line}: ${parsed.error}`)
  return parsed.record
}
