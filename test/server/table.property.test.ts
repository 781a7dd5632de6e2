/**
 * The shared-memory table and the fast path against MapSink, which is slow and plainly right: after any changes both give
 * the same reply to every question.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import packet from 'dns-packet'
import t from 'tap'
import { AnswerReader } from '../../src/answers/answer-reader.ts'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { recordEnd } from '../../src/dns/record-end.ts'
import { type ReplySpace, TableAnswers } from '../../src/answers/table-answers.ts'
import { BlockRouter } from '../../src/server/block-router.ts'
import { ServedBlock } from '../../src/server/served-block.ts'
import { Chain } from '../../src/plugins/chain.ts'
import { type Origin, QueryPipeline } from '../../src/server/query-pipeline.ts'
import { ServiceStore } from '../../src/store/service-store.ts'
import { ClusterZone } from '../../src/zone/cluster-zone.ts'
import { anyHistory } from '../support/any-cluster.ts'
import { MapSink } from '../support/map-sink.ts'
import { encodeQuery } from '../support/query-cases.ts'

const types = ['A', 'AAAA', 'SRV', 'PTR', 'TXT', 'NS', 'SOA', 'CNAME', 'HTTPS', 'TYPE1000']
const options = { localAddresses: ['172.0.1.1'] }
/** A block with nothing but the table. */
const tableOnly = new ServedBlock(
  [new Uint8Array(1)],
  new Chain([
    {
      name: 'kubernetes',
      handle: () => ({ rcode: 5, authoritative: false }),
      table: { isMissingOpen: () => false, aliases: 'answer' },
    },
  ]),
)

function originOver(transport: Origin['transport']): Origin {
  return {
    router: new BlockRouter([tableOnly]),
    transport,
    server: { address: '127.0.0.1', port: 53 },
    client: { address: '127.0.0.1', port: 1, family: 'IPv4' },
    send: () => {},
    done: () => {},
  }
}

/** Both sinks behind one zone each, fed with the same changes. */
class TwoTables {
  readonly sink = new MapSink()
  readonly #writer = new AnswerWriter()
  readonly #zones = [new ClusterZone(options, this.sink), new ClusterZone(options, this.#writer)]
  readonly #store = new ServiceStore()
  readonly #pipeline: QueryPipeline
  readonly #space: ReplySpace = { bytes: new Uint8Array(65_535), limitBytes: 0 }
  readonly faults: unknown[] = []

  constructor(seed: number) {
    const reader = new AnswerReader(this.#writer.buffer, 0)
    this.#writer.markComplete()
    this.#pipeline = new QueryPipeline({
      table: new TableAnswers(reader, seed),
      nowMs: () => 0,
      onFault: error => this.faults.push(error),
    })
  }

  apply(batch: Parameters<ServiceStore['apply']>[0]): void {
    const delta = this.#store.apply(batch)
    for (const zone of this.#zones) zone.apply(delta, 1_700_000_000)
    this.#writer.endBatch()
  }

  askTcp(query: Buffer): Buffer {
    return this.#copy(this.#pipeline.answer(query, this.#space, originOver('tcp')))
  }

  askUdp(query: Buffer): Buffer {
    return this.#copy(this.#pipeline.answer(query, this.#space, originOver('udp')))
  }

  #copy(length: number): Buffer {
    return Buffer.from(this.#space.bytes.subarray(0, length))
  }
}

interface RawReply {
  readonly head: string
  readonly sections: readonly (readonly string[])[]
}

/** Header and question as they are; the records of each section in an order that rotation does not change. */
function take(reply: Buffer, questionEnd: number): RawReply {
  let at = questionEnd
  const sections = [6, 8, 10].map(offset =>
    Array.from({ length: reply.readUInt16BE(offset) }, () => {
      const start = at
      at = recordEnd(reply, at)
      return reply.subarray(start, at).toString('hex')
    }).sort(),
  )
  assert.equal(at, reply.length, 'nothing stands behind the last record')
  return { head: reply.subarray(0, questionEnd).toString('hex'), sections }
}

/** The query with an OPT that says how much the client can take. */
function withPayload(query: Buffer, payloadBytes: number): Buffer {
  const opt = Buffer.from('0000290000000000000000', 'hex')
  opt.writeUInt16BE(payloadBytes, 3)
  const message = Buffer.concat([query, opt])
  message.writeUInt16BE(1, 10)
  return message
}

/** A reply that is cut has fewer of the records of the whole one, says so, and fits. */
function checkCut(
  cut: Buffer,
  whole: Buffer,
  limits: { questionEnd: number; bytes: number },
): void {
  assert.ok(cut.length <= limits.bytes, `${cut.length} bytes where ${limits.bytes} fit`)
  const found = take(cut, limits.questionEnd).sections
  const all = take(whole, limits.questionEnd).sections
  assert.equal(found[2]!.filter(isOpt).length, 1)
  for (const [position, records] of found.entries())
    for (const record of records) assert.ok(isOpt(record) || all[position]!.includes(record))
  const lacking = [0, 1].some(position => found[position]!.length < all[position]!.length)
  assert.equal((cut[2]! & 2) !== 0, lacking, 'TC is set when answers are missing')
  if (whole.length + 11 <= limits.bytes) assert.equal(cut.length, whole.length + 11)
  else assert.ok(cut.length > limits.bytes - 300, 'no more than one record less than fits')
  packet.decode(cut)
}

function isOpt(record: string): boolean {
  return record.startsWith('000029')
}

/** Names that exist, what surrounds them, and what clients with a search path ask. */
function namesToAsk(sink: MapSink): Set<string> {
  const names = new Set<string>()
  for (const name of sink.names()) {
    names.add(name)
    names.add(name.toUpperCase())
    names.add(`x.${name}`)
    names.add(`_tcp.${name}`)
    const labels = name.split('.')
    for (let i = 1; i < labels.length - 2; i++) names.add(labels.slice(i).join('.'))
  }
  for (const junk of [
    'web.a.svc.cluster.local.a.svc.cluster.local.',
    '*.a.svc.cluster.local.',
    'a.pod.cluster.local.',
    'cluster.local.',
    '1.in-addr.arpa.',
    'ip6.arpa.',
  ])
    names.add(junk)
  return names
}

t.test('the table answers as the map does, whatever happened before', t => {
  let questions = 0
  const property = fc.property(anyHistory, fc.integer(), (history, seed) => {
    const tables = new TwoTables(seed)
    for (const batch of history) tables.apply(batch)
    for (const name of namesToAsk(tables.sink)) {
      for (const type of types) {
        questions++
        const query = encodeQuery(`${name} ${type}`)
        const whole = tables.askTcp(query)
        const wanted = tables.sink.ask(query)
        assert.deepEqual(take(whole, query.length), take(wanted, query.length), `${name} ${type}`)
        const bytes = 512 + ((questions * 37) % 721)
        const cut = tables.askUdp(withPayload(query, bytes))
        checkCut(cut, whole, { questionEnd: query.length, bytes })
      }
    }
    assert.deepEqual(tables.faults, [])
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 25 }))
  t.comment(`${questions} questions`)
  t.end()
})
