import t from 'tap'
import { QueryScan } from '../../dns/query-scan.ts'
import type { Query } from '../handler.ts'
import { PluginChain } from '../../../test/support/plugin-chain.ts'

const cases: readonly [
  words: string,
  client: number | undefined,
  transport: Query['client']['transport'],
  seen: [payload: number | undefined, limit: number],
  reply: number | undefined,
][] = [
  ['', 4096, 'udp', [1232, 1200], 1200],
  ['512', 1200, 'udp', [512, 512], 512],
  ['512', 512, 'udp', [512, 1200], undefined],
  ['512', undefined, 'udp', [undefined, 1200], undefined],
  ['512', 1200, 'tcp', [512, 1200], undefined],
]

t.test('bufsize lowers what the client takes', async t => {
  for (const [words, payloadBytes, transport, [payload, limit], reply] of cases) {
    const seen: Query[] = []
    const chain = new PluginChain(`. {\n bufsize ${words}\n}`, {
      behind: query => (seen.push(query), { rcode: 0, authoritative: false }),
    })
    const found = await chain.ask('web.example.', {
      limitBytes: 1200,
      edns: payloadBytes ? { payloadBytes, dnssecOk: false, options: [] } : undefined,
      client: { address: '192.0.2.1', port: 4000, family: 'IPv4', transport },
    })
    t.equal(seen[0]!.edns?.payloadBytes, payload)
    t.equal(seen[0]!.limitBytes, limit)
    t.equal(found.limitBytes, reply)
  }
})

t.test('bufsize leaves the fast path to clients that take no more', async t => {
  const linkOf = (words: string) => new PluginChain(`. {\n bufsize ${words}\n}`).link('bufsize')
  t.equal(linkOf('').leavesClusterAnswers, true)
  t.equal(linkOf('4096').leavesClusterAnswers, true)
  const leaves = linkOf('700').leavesClusterAnswers
  for (const [payloadBytes, expected] of [
    [512, true],
    [701, false],
  ] as const) {
    const scan = Object.assign(new QueryScan(), { payloadBytes })
    t.equal(typeof leaves === 'function' && leaves(scan), expected)
  }
})

t.test('bufsize takes 512 to 4096', async t => {
  for (const words of ['511', '4097', 'x', '512 512'])
    t.throws(() => new PluginChain(`. {\n bufsize ${words}\n}`), { name: 'CorefileError' })
})
