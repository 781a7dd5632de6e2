import { join } from 'node:path'
import t, { type Test } from 'tap'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import type { Query } from '../handler.ts'

const zoneText = `$TTL 60
@ SOA ns hostmaster 7 3600 600 86400 30
  NS ns
  NS ns.example.net.
  MX 10 mail
ns A 192.0.2.1
   AAAA 2001:db8::1
mail A 192.0.2.2
Web A 192.0.2.3
www CNAME web
out CNAME www.example.net.
here CNAME gone
loop-a CNAME loop-b
loop-b CNAME loop-a
_sip._tcp SRV 0 0 5060 mail
*.wild A 192.0.2.4
*.wild TXT "any"
a.wild A 192.0.2.5
*.alias CNAME web
sub NS ns.sub
sub NS ns.example.net.
sub DS 1 8 2 00
ns.sub A 192.0.2.6
to-sub CNAME x.sub
x.deep.ent A 192.0.2.7
old DNAME new
o DNAME long-label-here
host.new A 192.0.2.8
`
const negative = [
  'example.org. 30 IN SOA ns.example.org. hostmaster.example.org. 7 3600 600 86400 30',
]

interface Row {
  readonly query: string
  readonly rcode?: string
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
  readonly isReferral?: true
}

const referral = {
  authority: [
    'sub.example.org. 60 IN NS ns.sub.example.org.',
    'sub.example.org. 60 IN NS ns.example.net.',
  ],
  additional: ['ns.sub.example.org. 60 IN A 192.0.2.6'],
}

const rows: readonly Row[] = [
  { query: 'web.example.org. A', answer: ['Web.example.org. 60 IN A 192.0.2.3'] },
  { query: 'WEB.example.org. AAAA', authority: negative },
  { query: 'gone.example.org. A', rcode: 'NXDOMAIN', authority: negative },
  { query: 'deep.ent.example.org. A', authority: negative },
  { query: 'ent.example.org. TXT', authority: negative },
  { query: 'x.ent.example.org. TXT', rcode: 'NXDOMAIN', authority: negative },
  {
    query: 'example.org. SOA',
    answer: ['example.org. 60 IN SOA ns.example.org. hostmaster.example.org. 7 3600 600 86400 30'],
  },
  {
    query: 'example.org. NS',
    answer: ['example.org. 60 IN NS ns.example.org.', 'example.org. 60 IN NS ns.example.net.'],
    additional: ['ns.example.org. 60 IN A 192.0.2.1', 'ns.example.org. 60 IN AAAA 2001:db8::1'],
  },
  {
    query: 'example.org. MX',
    answer: ['example.org. 60 IN MX 10 mail.example.org.'],
    additional: ['mail.example.org. 60 IN A 192.0.2.2'],
  },
  {
    query: '_sip._tcp.example.org. SRV',
    answer: ['_sip._tcp.example.org. 60 IN SRV 0 0 5060 mail.example.org.'],
    additional: ['mail.example.org. 60 IN A 192.0.2.2'],
  },
  {
    query: 'www.example.org. A',
    answer: ['www.example.org. 60 IN CNAME web.example.org.', 'Web.example.org. 60 IN A 192.0.2.3'],
  },
  { query: 'www.example.org. CNAME', answer: ['www.example.org. 60 IN CNAME web.example.org.'] },
  {
    query: 'www.example.org. AAAA',
    answer: ['www.example.org. 60 IN CNAME web.example.org.'],
    authority: negative,
  },
  {
    query: 'here.example.org. A',
    rcode: 'NXDOMAIN',
    answer: ['here.example.org. 60 IN CNAME gone.example.org.'],
    authority: negative,
  },
  {
    query: 'out.example.org. A',
    answer: [
      'out.example.org. 60 IN CNAME www.example.net.',
      'www.example.net. 9 IN A 198.51.100.1',
    ],
  },
  { query: 'loop-a.example.org. A', rcode: 'SERVFAIL' },
  { query: 'x.wild.example.org. A', answer: ['x.wild.example.org. 60 IN A 192.0.2.4'] },
  { query: 'x.y.wild.example.org. TXT', answer: ['x.y.wild.example.org. 60 IN TXT "any"'] },
  { query: 'x.wild.example.org. MX', authority: negative },
  { query: 'a.wild.example.org. A', answer: ['a.wild.example.org. 60 IN A 192.0.2.5'] },
  { query: 'a.wild.example.org. TXT', authority: negative },
  { query: 'x.a.wild.example.org. A', rcode: 'NXDOMAIN', authority: negative },
  { query: 'wild.example.org. A', authority: negative },
  {
    query: 'x.alias.example.org. A',
    answer: [
      'x.alias.example.org. 60 IN CNAME web.example.org.',
      'Web.example.org. 60 IN A 192.0.2.3',
    ],
  },
  { query: 'x.sub.example.org. A', ...referral, isReferral: true },
  { query: 'sub.example.org. NS', ...referral, isReferral: true },
  { query: 'ns.sub.example.org. A', ...referral, isReferral: true },
  { query: 'sub.example.org. DS', answer: ['sub.example.org. 60 IN DS 1 8 2 00'] },
  {
    query: 'to-sub.example.org. A',
    answer: ['to-sub.example.org. 60 IN CNAME x.sub.example.org.'],
    ...referral,
  },
  {
    query: 'host.old.example.org. A',
    answer: [
      'old.example.org. 60 IN DNAME new.example.org.',
      'host.old.example.org. 60 IN CNAME host.new.example.org.',
      'host.new.example.org. 60 IN A 192.0.2.8',
    ],
  },
  { query: 'old.example.org. DNAME', answer: ['old.example.org. 60 IN DNAME new.example.org.'] },
  { query: 'web.example.org. ANY', answer: ['Web.example.org. 60 IN A 192.0.2.3'] },
  {
    query: `${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(63)}.${'w'.repeat(44)}.o.example.org. A`,
    answer: [],
  },
  { query: 'example.net. A', rcode: 'REFUSED' },
]

function chainOf(
  t: Test,
  options = '',
  text = zoneText,
): { readonly chain: PluginChain; readonly path: string } {
  const path = join(t.testdir({ db: text }), 'db')
  const chain = new PluginChain(
    `. {\n transfer example.org {\n to *\n }\n file ${path} example.org {\n ${options}\n }\n}`,
    {
      askServer: () => ({
        rcode: 0,
        authoritative: false,
        answers: [
          {
            name: Buffer.from('\x03www\x07example\x03net\0'),
            type: 1,
            ttlSeconds: 9,
            rdata: Buffer.from([198, 51, 100, 1]),
          },
        ],
      }),
    },
  )
  t.teardown(() => chain.close())
  return { chain, path }
}

t.test('file answers as RFC 1034 §4.3.2 says', async t => {
  const { chain } = chainOf(t)
  for (const { query, isReferral, ...wanted } of rows) {
    const reply = await chain.ask(query)
    if (wanted.answer?.length === 0) {
      t.match(reply, { rcode: 6, answers: [{ type: 39 }] }, 'a name that DNAME makes too long')
      continue
    }
    t.strictSame(
      renderReply(reply),
      { rcode: 'NOERROR', answer: [], authority: [], additional: [], ...wanted },
      query,
    )
    const isOurs = wanted.rcode !== 'REFUSED' && !isReferral
    t.equal(reply.authoritative, isOurs, query)
  }
})

t.test('file leaves missing names to the next plugin where it is told to', async t => {
  const { chain } = chainOf(t, 'fallthrough b.example.org')
  t.match(renderReply(await chain.ask('a.b.example.org. A')), { rcode: 'REFUSED' })
  t.match(renderReply(await chain.ask('c.example.org. A')), { rcode: 'NXDOMAIN' })
  t.match(renderReply(await chain.ask('web.example.org. TXT')), { rcode: 'NOERROR' })
  const { chain: all } = chainOf(t, 'fallthrough')
  t.match(renderReply(await all.ask('c.example.org. A')), { rcode: 'REFUSED' })
})

t.test('file lets transfer have the zone', async t => {
  const { chain } = chainOf(t)
  const tcp: Partial<Query> = {
    client: { address: '192.0.2.1', port: 1, family: 'IPv4', transport: 'tcp' },
  }
  const { answers = [] } = await chain.ask('example.org. AXFR', tcp)
  t.equal(answers.length, zoneText.trim().split('\n').length)
  t.match([answers[0]!.type, answers.at(-1)!.type], [6, 6])
  t.match(renderReply(await chain.ask('sub.example.org. AXFR', tcp)), { rcode: 'REFUSED' })
})

t.test('file without a good zone answers SERVFAIL and says why', async t => {
  const cases: readonly [text: string, error: RegExp][] = [
    ['@ A 192.0.2.1', /has 0 SOA records/],
    [`${zoneText}@ SOA a b 1 1 1 1 1\n`, /has 2 SOA records/],
    [`${zoneText}web CNAME mail\n`, /web\.example\.org\. has a CNAME and another record/],
    [`${zoneText}www CNAME mail\n`, /www\.example\.org\. has a CNAME and another record/],
    ['\nx', /line 2: /],
  ]
  for (const [text, error] of cases) {
    await t.test(String(error), async t => {
      const { chain } = chainOf(t, '', text)
      t.match(renderReply(await chain.ask('web.example.org. A')), { rcode: 'SERVFAIL' })
      t.match(chain.logged, [error])
    })
  }
})

t.test('file tells what is wrong with a directive', async t => {
  const make = (line: string) => () => new PluginChain(`. {\n ${line}\n}`)
  t.throws(make('file'), { message: /Corefile:2: file: expected a word/ })
  t.throws(make('file db {\n reload\n }'), {
    message: /Corefile:3: file reload: expected a duration/,
  })
  t.throws(make('file db {\n nothing\n }'), {
    message: /Corefile:3: nothing is not a property of file/,
  })
})
