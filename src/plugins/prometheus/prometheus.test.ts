import t from 'tap'
import type { Exchange } from '../exchange.ts'
import type { Reply } from '../handler.ts'
import { exchangeOf } from '../../../test/support/exchange.ts'
import { PluginChain } from '../../../test/support/plugin-chain.ts'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { prometheus } from './prometheus.ts'

const settings: readonly [lines: string, expected: object | RegExp][] = [
  ['prometheus', [{ host: 'localhost', port: 9153 }]],
  ['prometheus :9253 {\n runtime_metrics\n}', [{ host: '', port: 9253 }]],
  ['prometheus {\n tls web.yml\n}', /prometheus tls: metrics over TLS are not supported/],
  ['prometheus {\n cert\n}', /cert is not a property of prometheus/],
]
for (const [lines, expected] of settings) t.match(readSettings(prometheus, lines), expected, lines)

const noError: Reply = { rcode: 0, authoritative: true }
const block = { server: 'dns://:53', zone: 'example.', view: '' }

t.test('every exchange is counted once, with its labels', async t => {
  const cases: readonly [
    question: string,
    more: Partial<Exchange>,
    name: string,
    labels: Record<string, string>,
  ][] = [
    ['a.example. A', {}, 'coredns_dns_requests_total', { proto: 'udp', family: '1', type: 'A' }],
    [
      'a.example. HTTPS',
      { transport: 'tcp', family: 'IPv6' },
      'coredns_dns_requests_total',
      { proto: 'tcp', family: '2', type: 'HTTPS' },
    ],
    [
      'a.example. AXFR',
      { transport: 'tls' },
      'coredns_dns_requests_total',
      { proto: 'tcp', type: 'AXFR' },
    ],
    ['a.example. NAPTR', {}, 'coredns_dns_requests_total', { type: 'other' }],
    ['a.example. TYPE65280', {}, 'coredns_dns_requests_total', { type: 'other' }],
    ['a.example. CAA', {}, 'coredns_dns_requests_total', { type: 'other' }],
    [
      'a.example. A',
      { rcode: 3, plugin: 'hosts' },
      'coredns_dns_responses_total',
      { rcode: 'NXDOMAIN', plugin: 'hosts' },
    ],
    [
      'a.example. A',
      { rcode: 23 },
      'coredns_dns_responses_total',
      { rcode: 'BADCOOKIE', plugin: 'forward' },
    ],
    ['a.example. A', { rcode: 4000 }, 'coredns_dns_responses_total', { rcode: 'other' }],
    ['a.example. A', { dnssecOk: true }, 'coredns_dns_do_requests_total', {}],
    ['a.example. A', {}, 'coredns_dns_request_duration_seconds', {}],
    ['a.example. A', { queryBytes: 60 }, 'coredns_dns_request_size_bytes', { proto: 'udp' }],
    ['a.example. A', { transport: 'tls' }, 'coredns_dns_response_size_bytes', { proto: 'tcp' }],
    [
      'a.example. A',
      { query: undefined, reply: undefined },
      'coredns_dns_requests_total',
      { type: 'A' },
    ],
  ]
  for (const [question, more, name, labels] of cases) {
    const chain = new PluginChain('example. example.org. {\n prometheus\n}')
    const link = chain.link('prometheus')
    for (let i = 0; i < 2; i++)
      link.observe!(exchangeOf(question, noError, { zone: 'example.', ...more }))
    t.equal(chain.count(name, { ...block, ...labels }), 2, `${question} ${JSON.stringify(more)}`)
    t.equal(chain.count(name, { zone: 'example.org.' }), 0, 'the other zone has none')
    chain.close()
  }
})

t.test('families and protocols are counted apart', async t => {
  const chain = new PluginChain('example. {\n prometheus\n}')
  const { observe } = chain.link('prometheus')
  for (const family of ['IPv4', 'IPv6'] as const) {
    for (const transport of ['udp', 'tcp'] as const)
      observe!(exchangeOf('a.example. A', noError, { zone: 'example.', family, transport }))
  }
  for (const [family, proto] of [
    ['1', 'udp'],
    ['2', 'udp'],
    ['1', 'tcp'],
    ['2', 'tcp'],
  ] as const)
    t.equal(chain.count('coredns_dns_requests_total', { family, proto }), 1)
  chain.close()
})

t.test('what has not happened is not counted, and the fast path stays open', async t => {
  const chain = new PluginChain('. {\n prometheus\n}', { behind: () => noError })
  t.equal(chain.link('prometheus').leavesClusterAnswers, true)
  chain.link('prometheus').observe!(exchangeOf('a.example. A', noError))
  t.equal(chain.count('coredns_dns_do_requests_total'), 0)
  t.same(await chain.ask('a.example. A'), noError)
  chain.close()
})
