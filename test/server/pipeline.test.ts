/** What links of a chain see of a query and of its reply, without sockets. */
import t from 'tap'
import { AnswerReader } from '../../src/answers/answer-reader.ts'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { TableAnswers } from '../../src/answers/table-answers.ts'
import { parseName } from '../../src/dns/wire-name.ts'
import { Chain, type NamedLink } from '../../src/plugins/chain.ts'
import type { Exchange } from '../../src/plugins/exchange.ts'
import { BlockRouter } from '../../src/server/block-router.ts'
import { QueryPipeline } from '../../src/server/query-pipeline.ts'
import { ServedBlock } from '../../src/server/served-block.ts'
import { decoded, plainQuery } from '../support/dns-client.ts'
import { plainAddresses, plainZone } from '../support/plain-answers.ts'

/** The rcode that a query gets from a block of `example.` with these links, and what went wrong. */
function ask(
  links: readonly Partial<NamedLink>[],
  writer = new AnswerWriter(),
): { rcode: string; faults: unknown[]; clockReads: number } {
  let clockReads = 0
  const faults: unknown[] = []
  const pipeline = new QueryPipeline({
    table: new TableAnswers(new AnswerReader(writer.buffer, 0), 1),
    nowMs: () => clockReads++,
    onFault: error => faults.push(error),
  })
  const chain = new Chain(
    links.map(link => ({ name: 'test', handle: (query, next) => next(query), ...link })),
  )
  const space = { bytes: new Uint8Array(1232), limitBytes: 512 }
  const length = pipeline.answer(plainQuery('WWW.example'), space, {
    router: new BlockRouter([new ServedBlock([parseName('example.')!], chain)]),
    transport: 'udp',
    client: { address: '192.0.2.1', port: 4000, family: 'IPv4' },
    server: { address: '192.0.2.53', port: 53 },
    send: () => {},
    done: () => {},
  })
  return { rcode: decoded(Buffer.from(space.bytes.subarray(0, length))).rcode, faults, clockReads }
}

function throwIt(): never {
  throw new Error('broken link')
}

t.test('a query is prepared for links, filters and observers', async t => {
  let exchange: Exchange | undefined
  const { rcode } = ask([
    { prepare: query => ({ ...query, metadata: new Map([['test/a', () => 'b']]) }) },
    {
      accepts: query => query.metadata.has('test/a'),
      handle: query => ({ rcode: query.metadata.has('test/a') ? 0 : 2, authoritative: true }),
      observe: seen => {
        exchange = seen
      },
    },
  ])
  t.equal(rcode, 'NOERROR')
  t.match(exchange, {
    zone: 'example.',
    flags: 0x8500,
    query: { server: { address: '192.0.2.53' }, client: { transport: 'udp' } },
  })
  t.equal(exchange!.query!.metadata.get('test/a')?.(), 'b')
})

t.test('a link that throws is a fault and SERVFAIL', async t => {
  const links: readonly Partial<NamedLink>[] = [
    { handle: throwIt },
    { prepare: throwIt },
    { accepts: throwIt },
  ]
  for (const link of links)
    t.match(
      ask([link]),
      { rcode: 'SERVFAIL', faults: [{ message: 'broken link' }] },
      JSON.stringify(Object.keys(link)),
    )
})

t.test(
  'replies of the fast path are told, and timed, only where somebody has a use for them',
  async t => {
    const writer = new AnswerWriter()
    const zone = plainZone('example')
    writer.setZones([zone])
    writer.put(zone.name, [])
    writer.put(parseName('www.example.')!, [plainAddresses(1)])
    writer.markComplete()
    const cases: readonly [
      link: Partial<NamedLink>,
      type: 'table' | 'chain',
      expected: { exchanges: number; durationMs?: number; clockReads: number },
    ][] = [
      [{}, 'table', { exchanges: 1, durationMs: 1, clockReads: 2 }],
      [{}, 'chain', { exchanges: 1, durationMs: 1, clockReads: 2 }],
      [{ observes: 'chain' }, 'table', { exchanges: 0, clockReads: 0 }],
      [{ observes: 'chain' }, 'chain', { exchanges: 1, durationMs: 1, clockReads: 2 }],
    ]
    for (const [link, from, expected] of cases) {
      const durations: number[] = []
      const observer: Partial<NamedLink> = {
        leavesClusterAnswers: true,
        observe: ({ durationMs }) => durations.push(durationMs),
        ...link,
      }
      const answering: Partial<NamedLink> = {
        handle: () => ({ rcode: 0, authoritative: true }),
        ...(from === 'table' && { table: { isMissingOpen: () => false, aliases: 'answer' } }),
      }
      const { clockReads } = ask([observer, answering], writer)
      const [durationMs] = durations
      t.same(
        {
          exchanges: durations.length,
          ...(durationMs !== undefined && { durationMs }),
          clockReads,
        },
        expected,
        `${JSON.stringify(link)} ${from}`,
      )
    }
  },
)
