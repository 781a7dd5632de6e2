import t from 'tap'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { leavesAlone } from '../../../test/support/scan-of.ts'

const chain = new PluginChain('. {\n local\n}')
const soa = (zone: string): string =>
  `${zone} 604800 IN SOA localhost. root.localhost. 1 0 0 0 604800`

/** Question, rcode, answer, and the zone whose SOA is in the authority section. */
const cases: readonly [
  question: string,
  rcode: string,
  answer?: string | undefined,
  zone?: string,
][] = [
  ['localhost. A', 'NOERROR', 'localhost. 604800 IN A 127.0.0.1'],
  ['localhost. AAAA', 'NOERROR', 'localhost. 604800 IN AAAA ::1'],
  ['localhost. NS', 'NOERROR', 'localhost. 604800 IN NS localhost.'],
  ['localhost. SOA', 'NOERROR', soa('localhost.')],
  ['localhost. MX', 'NOERROR', undefined, 'localhost.'],
  ['web.localhost. A', 'NOERROR', 'web.localhost. 604800 IN A 127.0.0.1'],
  ['web.localhost. NS', 'NOERROR', undefined, 'web.localhost.'],
  ['localhost.example. AAAA', 'NOERROR', 'localhost.example. 604800 IN AAAA ::1'],
  ['localhosts.example. A', 'REFUSED'],
  ['mylocalhost. A', 'REFUSED'],
  ['127.in-addr.arpa. A', 'NOERROR', undefined, '127.in-addr.arpa.'],
  ['255.in-addr.arpa. SOA', 'NOERROR', soa('255.in-addr.arpa.')],
  ['0.in-addr.arpa. NS', 'NOERROR', '0.in-addr.arpa. 604800 IN NS localhost.'],
  ['1.0.0.127.in-addr.arpa. PTR', 'NOERROR', '1.0.0.127.in-addr.arpa. 604800 IN PTR localhost.'],
  ['1.0.0.127.in-addr.arpa. A', 'NOERROR', undefined, '127.in-addr.arpa.'],
  ['0.127.in-addr.arpa. PTR', 'NOERROR', undefined, '127.in-addr.arpa.'],
  ['2.0.0.127.in-addr.arpa. PTR', 'NXDOMAIN', undefined, '127.in-addr.arpa.'],
  ['1.0.0.0.in-addr.arpa. PTR', 'NXDOMAIN', undefined, '0.in-addr.arpa.'],
  ['1.in-addr.arpa. PTR', 'REFUSED'],
]

t.test('local answers for the machine itself', async t => {
  for (const [question, rcode, answer, zone] of cases) {
    t.same(
      renderReply(await chain.ask(question)),
      { rcode, answer: answer ? [answer] : [], authority: zone ? [soa(zone)] : [], additional: [] },
      question,
    )
    t.equal(leavesAlone(chain.link('local'), question), rcode === 'REFUSED', question)
  }
  t.equal(chain.count('coredns_local_localhost_requests_total'), 3)
})

t.test('local leaves names that only begin with localhost alone when told so', async t => {
  const off = new PluginChain('. {\n local {\n localhost_prefix off\n }\n}')
  t.match(renderReply(await off.ask('localhost.example. A')), { rcode: 'REFUSED' })
  t.match(renderReply(await off.ask('web.localhost. A')), { rcode: 'NOERROR' })
  t.ok(leavesAlone(off.link('local'), 'localhost.example. A'))
  t.throws(() => new PluginChain('. {\n local {\n localhost_prefix maybe\n }\n}'), {
    message: /expected one of on, off/,
  })
})
