import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { PluginChain } from '../../../test/support/plugin-chain.ts'
import { renderName } from '../../dns/wire-name.ts'
import type { Answer, Query, Reply } from '../handler.ts'

const found: Reply = { rcode: 0, authoritative: false, answers: [] }
const corefile = 'example.org {\n loop\n}'

/** Waits for what probes lead to; the test's own time limit ends it. */
async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await turn()
}

/** What an upstream sends back here, and from where. */
function echo(chain: PluginChain, { name, spelling, type }: Query): Answer {
  const client = { address: '192.0.2.53', port: 4053, family: 'IPv4', transport: 'udp' } as const
  return chain.chain.answer({ ...queryFrom, name, spelling, type, client }, { plugin: '' })
}

const queryFrom = {
  class: 1,
  id: 1,
  recursionDesired: true,
  checkingDisabled: false,
  authenticData: false,
  edns: undefined,
  limitBytes: 512,
  messageBytes: 0,
  depth: 0,
  metadata: new Map(),
}

t.test('loop probes upstream once where nothing comes back', async t => {
  const probes: Query[] = []
  const chain = new PluginChain(corefile, {
    behind: query => {
      if (query.type === 13) probes.push(query)
      return found
    },
  })
  await until(() => probes.length > 0)
  for (let i = 0; i < 5; i++) await turn()
  t.equal(probes.length, 1)
  t.match(renderName(probes[0]!.name), /^\d+\.\d+\.example\.org\.$/)
  t.same(await chain.ask('web.example.org A'), found)
  t.same(await chain.ask('web.example.org HINFO'), found)
  t.strictSame(chain.logged, [])
  chain.close()
})

t.test('loop stops forwarding when probes come back', async t => {
  let passed = 0
  const chain: PluginChain = new PluginChain(corefile, {
    behind: query => {
      if (query.type === 13) return echo(chain, query)
      passed++
      return found
    },
  })
  await until(() => chain.logged.length > 0)
  t.match(
    chain.logged[0],
    /^error plugin\/loop: Loop \(192\.0\.2\.53:4053 -> :53\) detected for zone "example\.org\.", see https:\/\/coredns\.io\/plugins\/loop#troubleshooting\. Query: "HINFO \d+\.\d+\.example\.org\."/,
  )
  const reply = await chain.ask('web.example.org A')
  t.equal(reply.rcode, 2)
  t.match(reply.error, /come back/)
  t.equal(passed, 0)
  t.same(await chain.ask('web.example.net A'), found, 'other zones go on')
  t.equal(chain.logged.length, 1)
  chain.close()
})

t.test('loop takes a single echo for chance', async t => {
  let probes = 0
  const chain: PluginChain = new PluginChain(corefile, {
    behind: query => (query.type === 13 && ++probes === 1 ? echo(chain, query) : found),
  })
  await until(() => probes === 2)
  for (let i = 0; i < 5; i++) await turn()
  t.equal(probes, 2)
  t.strictSame(chain.logged, [])
  t.same(await chain.ask('web.example.org A'), found)
  chain.close()
})

t.test('loop in a closed chain asks nobody', async t => {
  let asked = 0
  const chain = new PluginChain(corefile, {
    behind: () => {
      asked++
      return found
    },
  })
  chain.close()
  for (let i = 0; i < 5; i++) await turn()
  t.equal(asked, 0)
})
