import t from 'tap'
import type { Query } from '../handler.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'

const chain = new PluginChain('. {\n whoami\n}')
t.teardown(() => chain.close())

const longest = `${'a'.repeat(63)}.`.repeat(3) + `${'b'.repeat(59)}.`

const cases: readonly [name: string, client: Partial<Query['client']>, additional: string[]][] = [
  ['web.example.', {}, ['web.example. 0 IN A 192.0.2.1', '_udp.web.example. 0 IN SRV 0 0 4000 .']],
  ['.', { transport: 'tcp' }, ['. 0 IN A 192.0.2.1', '_tcp. 0 IN SRV 0 0 4000 .']],
  ['.', { transport: 'tls' }, ['. 0 IN A 192.0.2.1', '_tcp. 0 IN SRV 0 0 4000 .']],
  ['.', { address: '2001:db8::1' }, ['. 0 IN AAAA 2001:db8::1', '_udp. 0 IN SRV 0 0 4000 .']],
  ['.', { address: 'fe80::1%eth0' }, ['. 0 IN AAAA fe80::1', '_udp. 0 IN SRV 0 0 4000 .']],
  ['.', { address: 'somewhere' }, ['_udp. 0 IN SRV 0 0 4000 .']],
  [longest, {}, [`${longest} 0 IN A 192.0.2.1`]],
]

t.test('whoami says where the query came from', async t => {
  for (const [name, more, additional] of cases) {
    const client = { address: '192.0.2.1', port: 4000, family: 'IPv4', transport: 'udp' } as const
    const reply = await chain.ask(name, { client: { ...client, ...more } })
    t.match(renderReply(reply), { rcode: 'NOERROR', answer: [], additional }, name)
    t.equal(reply.authoritative, true)
  }
})
