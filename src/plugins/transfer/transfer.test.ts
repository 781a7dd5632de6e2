import t from 'tap'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { parseRecord } from '../../dns/record-text.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { parseName } from '../../dns/wire-name.ts'
import type { Client, Query } from '../handler.ts'

const soa =
  'cluster.local. 5 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 7 7200 1800 86400 5'
const web = 'web.default.svc.cluster.local. 5 IN A 10.0.0.1'

function record(line: string): ResourceRecord {
  const parsed = parseRecord(line, { origin: parseName('.')!, ttlSeconds: 5 })
  if ('error' in parsed) throw new TypeError(parsed.error)
  return parsed.record
}

function from(address: string, transport: Client['transport'] = 'tcp'): Partial<Query> {
  const family = address.includes(':') ? 'IPv6' : 'IPv4'
  return { client: { address, port: 4000, family, transport }, limitBytes: 65_535 }
}

function chainOf(options: string, lines: readonly string[] = [soa, web, soa]): PluginChain {
  return new PluginChain(`. {\n kubernetes cluster.local in-addr.arpa\n ${options}\n}`, {
    askControl: (topic, argument) => {
      const { zone } = argument as { zone: string }
      const isKnown = topic === 'transfer' && zone === 'cluster.local.'
      return Promise.resolve(isKnown ? lines.map(record) : undefined)
    },
  })
}

const rules = 'transfer cluster.local {\n to 192.0.2.1 [2001:db8::1]:53\n }'

interface Row {
  readonly says: string
  readonly options?: string
  readonly question?: string
  readonly more?: Partial<Query>
  readonly rcode?: string
  readonly answer?: readonly string[]
}

const rows: readonly Row[] = [
  { says: 'the whole zone', answer: [soa, web, soa] },
  { says: 'letter case does not count', question: 'Cluster.LOCAL. AXFR', answer: [soa, web, soa] },
  { says: 'an address in another form', more: from('2001:db8:0::1'), answer: [soa, web, soa] },
  { says: 'another client', more: from('192.0.2.2'), rcode: 'REFUSED' },
  { says: 'over UDP', more: from('192.0.2.1', 'udp'), rcode: 'REFUSED' },
  {
    says: 'everybody',
    options: 'transfer {\n to *\n }',
    more: from('198.51.100.1'),
    answer: [soa, web, soa],
  },
  { says: 'a name inside the zone', question: 'svc.cluster.local. AXFR', rcode: 'REFUSED' },
  { says: 'a zone without a rule', question: 'in-addr.arpa. AXFR', rcode: 'REFUSED' },
  {
    says: 'a zone that nobody holds',
    options: 'transfer {\n to *\n }',
    question: 'example.org. AXFR',
    rcode: 'REFUSED',
  },
  {
    says: 'a zone that the control thread does not give',
    options: 'transfer {\n to *\n }',
    question: 'in-addr.arpa. AXFR',
    rcode: 'SERVFAIL',
  },
  { says: 'no directive', options: '', rcode: 'REFUSED' },
  {
    says: 'the longest zone counts',
    options: 'transfer . {\n to *\n }\n transfer cluster.local {\n to 192.0.2.9\n }',
    rcode: 'REFUSED',
  },
  { says: 'IXFR without a serial', question: 'cluster.local. IXFR', answer: [soa, web, soa] },
  {
    says: 'IXFR with an old serial',
    question: 'cluster.local. IXFR',
    more: { ...from('192.0.2.1'), knownSerial: 6 },
    answer: [soa, web, soa],
  },
  {
    says: 'IXFR with this serial',
    question: 'cluster.local. IXFR',
    more: { ...from('192.0.2.1'), knownSerial: 7 },
    answer: [soa],
  },
  {
    says: 'IXFR with a later serial',
    question: 'cluster.local. IXFR',
    more: { ...from('192.0.2.1'), knownSerial: 8 },
    answer: [soa],
  },
  {
    says: 'AXFR does not look at serials',
    more: { ...from('192.0.2.1'), knownSerial: 7 },
    answer: [soa, web, soa],
  },
]

for (const { says, options = rules, question = 'cluster.local. AXFR', more, ...expected } of rows) {
  t.test(`transfer: ${says}`, async t => {
    const chain = chainOf(options)
    t.teardown(() => chain.close())
    const { rcode, answer } = renderReply(await chain.ask(question, more ?? from('192.0.2.1')))
    t.strictSame({ rcode, answer }, { rcode: 'NOERROR', answer: [], ...expected })
  })
}

t.test('transfer sends a large zone in several messages, every record once', async t => {
  const hosts = Array.from(
    { length: 2000 },
    (_, i) => `h${i}.default.svc.cluster.local. 5 IN A 10.0.0.1`,
  )
  const chain = chainOf(rules, [soa, ...hosts, soa])
  t.teardown(() => chain.close())
  const { answers = [], moreAnswers = [] } = await chain.ask(
    'cluster.local. AXFR',
    from('192.0.2.1'),
  )
  const messages = [answers, ...moreAnswers]
  t.ok(messages.length > 3 && messages.length < 10, `${messages.length} messages`)
  t.strictSame(renderReply({ rcode: 0, authoritative: true, answers: messages.flat() }).answer, [
    soa,
    ...hosts,
    soa,
  ])
  t.match(chain.logged, [
    /^info plugin\/transfer: 2002 records of zone cluster\.local\. to 192\.0\.2\.1: serial 7$/,
  ])
})

t.test('transfer leaves other questions and the fast path alone', async t => {
  const chain = chainOf(rules)
  t.teardown(() => chain.close())
  t.equal(chain.link('transfer').leavesClusterAnswers, true)
  t.match(renderReply(await chain.ask('example.org. A')), { rcode: 'REFUSED' })
})

t.test('transfer tells what is wrong with a directive', async t => {
  const cases: readonly [options: string, message: RegExp][] = [
    ['transfer', /transfer: 'to' is required/],
    ['transfer {\n to\n }', /Corefile:4: transfer to: expected an address/],
    [
      'transfer {\n to example.org\n }',
      /Corefile:4: transfer to: expected an address like 10\.0\.0\.1, or \*/,
    ],
    ['transfer {\n to *\n source 10.0.0.1\n }', /Corefile:5: transfer source: NOTIFY is not sent/],
    ['transfer {\n from *\n }', /Corefile:4: from is not a property of transfer/],
    ['transfer a..b {\n to *\n }', /Corefile:3: transfer: expected a zone/],
  ]
  for (const [options, message] of cases) t.throws(() => chainOf(options), { message }, options)
})
