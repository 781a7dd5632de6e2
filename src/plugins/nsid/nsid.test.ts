import { hostname } from 'node:os'
import t from 'tap'
import type { EdnsOption } from '../../dns/edns.ts'
import { QueryScan } from '../../dns/query-scan.ts'
import type { Reply } from '../handler.ts'
import { PluginChain } from '../../../test/support/plugin-chain.ts'

const behind = (): Reply => ({
  rcode: 0,
  authoritative: false,
  options: [
    { code: 3, data: Buffer.from('upstream') },
    { code: 15, data: Buffer.alloc(2) },
  ],
})

async function optionsOf(corefile: string, options?: readonly EdnsOption[]): Promise<string[]> {
  const chain = new PluginChain(`. {\n${corefile}\n}`, { behind })
  const edns = options && { payloadBytes: 1232, dnssecOk: false, options }
  const reply = await chain.ask('web.example.', { edns })
  chain.close()
  return reply.options!.map(({ code, data }) => `${code} ${Buffer.from(data).toString()}`)
}

const asking = [{ code: 3, data: new Uint8Array() }]

t.test('nsid answers who asks, in place of other servers', async t => {
  t.same(await optionsOf('nsid Use The Force', asking), ['15 \0\0', '3 Use The Force'])
  t.same(await optionsOf('nsid', asking), ['15 \0\0', `3 ${hostname()}`])
  t.same(await optionsOf('nsid', []), ['3 upstream', '15 \0\0'])
  t.same(await optionsOf('nsid'), ['3 upstream', '15 \0\0'])
})

t.test('nsid leaves the fast path to queries without options', async t => {
  const leaves = new PluginChain('. {\n nsid\n}').link('nsid').leavesClusterAnswers
  const cases = [
    [{}, true],
    [{ hasOpt: true, optionsStart: 40, optionsEnd: 40 }, true],
    [{ hasOpt: true, optionsStart: 40, optionsEnd: 44 }, false],
    [{ hasOpt: false, optionsStart: 40, optionsEnd: 44 }, true],
  ] as const
  for (const [fields, expected] of cases) {
    const scan = Object.assign(new QueryScan(), fields)
    t.equal(typeof leaves === 'function' && leaves(scan), expected, JSON.stringify(fields))
  }
})
