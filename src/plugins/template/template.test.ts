import t from 'tap'
import type { Reply } from '../handler.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { leavesAlone } from '../../../test/support/scan-of.ts'

const next: Reply = { rcode: 5, authoritative: false, error: 'next' }

interface TemplateCase {
  readonly block: string
  readonly query: string
  readonly class?: number
  /** NOERROR when not given. */
  readonly rcode?: string
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
  readonly isNext?: true
}

const invalid = `template ANY ANY invalid {
  rcode NXDOMAIN
  authority "invalid. 60 {{ .Class }} SOA ns.invalid. hostmaster.invalid. (1 60 60 60 60)"
  ederror 21 "Blocked according to RFC2606"
}`
const soaOfInvalid = ['invalid. 60 IN SOA ns.invalid. hostmaster.invalid. 1 60 60 60 60']

const ipNames = `template IN A example {
  match (^|[.])ip-(?P<a>[0-9]*)-(?P<b>[0-9]*)-(?P<c>[0-9]*)-(?P<d>[0-9]*)[.]example[.]$
  answer "{{ .Name }} 60 IN A {{ .Group.a }}.{{ .Group.b }}.{{ .Group.c }}.{{ .Group.d }}"
  fallthrough
}
template IN PTR in-addr.arpa {
  match ^(?P<d>[0-9]*)[.](?P<c>[0-9]*)[.](?P<b>[0-9]*)[.](?P<a>[0-9]*)[.]in-addr[.]arpa[.]$
  answer "{{ .Name }} 60 IN PTR ip-{{ .Group.a }}-{{ .Group.b }}-{{ .Group.c }}-{{ .Group.d }}.example."
}`

const searchPath = String.raw`template IN ANY example.com {
  match "example\.com\.(dc1\.example\.com\.)$"
  rcode NXDOMAIN
  authority "{{ index .Match 1 }} 60 IN SOA ns.{{ index .Match 1 }} hostmaster.{{ index .Match 1 }} (1 60 60 60 60)"
  fallthrough
}`

const hexadecimal = `template IN A example {
  match "^ip0a(?P<b>[a-f0-9]{2})(?P<c>[a-f0-9]{2})(?P<d>[a-f0-9]{2})[.]example[.]$"
  answer "{{ .Name }} 60 IN A 10.{{ parseInt .Group.b 16 8 }}.{{ parseInt .Group.c 16 8 }}.{{ parseInt .Group.d 16 8 }}"
  fallthrough
}`

const severalPatterns = `template IN A example {
  match "^ip-(?P<a>10)-(?P<b>[0-9]*)-(?P<c>[0-9]*)-(?P<d>[0-9]*)[.]dc[.]example[.]$"
  match "^(?P<a>[0-9]*)[.](?P<b>[0-9]*)[.](?P<c>[0-9]*)[.](?P<d>[0-9]*)[.]ext[.]example[.]$"
  answer "{{ .Name }} 60 IN A {{ .Group.a}}.{{ .Group.b }}.{{ .Group.c }}.{{ .Group.d }}"
  fallthrough
}`

const withServers = `template IN MX example {
  match ^ip-10-(?P<b>[0-9]*)[.]example[.]$
  answer "{{ .Name }} 60 IN MX 10 {{ .Name }}"
  additional "{{ .Name }} 60 IN A 10.0.0.{{ .Group.b }}" "ns0.example. 60 IN A 203.0.113.8"
  authority  "example. 60 IN NS ns0.example."
}`

const cases: readonly TemplateCase[] = [
  { block: 'template ANY ANY {\n rcode NXDOMAIN\n}', query: 'a.test.', rcode: 'NXDOMAIN' },
  { block: 'template IN AAAA . {\n rcode NOERROR\n}', query: 'a.test. AAAA' },
  { block: 'template IN AAAA .', query: 'a.test. A', isNext: true },
  { block: invalid, query: 'a.invalid. MX', rcode: 'NXDOMAIN', authority: soaOfInvalid },
  { block: invalid, query: 'a.invalid. MX', class: 3, rcode: 'NXDOMAIN', authority: soaOfInvalid },
  { block: invalid, query: 'a.test.', isNext: true },
  {
    block: ipNames,
    query: 'X.ip-10-1-2-3.Example.',
    answer: ['x.ip-10-1-2-3.example. 60 IN A 10.1.2.3'],
  },
  { block: ipNames, query: 'x.example.', isNext: true },
  { block: ipNames, query: 'x.example. MX', isNext: true },
  {
    block: ipNames,
    query: '3.2.1.10.in-addr.arpa. PTR',
    answer: ['3.2.1.10.in-addr.arpa. 60 IN PTR ip-10-1-2-3.example.'],
  },
  // No fallthrough: nobody else is asked.
  { block: ipNames, query: 'x.in-addr.arpa. PTR', rcode: 'SERVFAIL' },
  {
    block: searchPath,
    query: 'www.example.com.dc1.example.com. TXT',
    rcode: 'NXDOMAIN',
    authority: [
      'dc1.example.com. 60 IN SOA ns.dc1.example.com. hostmaster.dc1.example.com. 1 60 60 60 60',
    ],
  },
  { block: searchPath, query: 'www.example.com.', isNext: true },
  {
    block: hexadecimal,
    query: 'ip0a7b7bff.example.',
    answer: ['ip0a7b7bff.example. 60 IN A 10.123.123.255'],
  },
  {
    block: severalPatterns,
    query: '1.2.3.4.ext.example.',
    answer: ['1.2.3.4.ext.example. 60 IN A 1.2.3.4'],
  },
  {
    block: severalPatterns,
    query: 'ip-10-2-3-4.dc.example.',
    answer: ['ip-10-2-3-4.dc.example. 60 IN A 10.2.3.4'],
  },
  {
    block: withServers,
    query: 'ip-10-7.example. MX',
    answer: ['ip-10-7.example. 60 IN MX 10 ip-10-7.example.'],
    authority: ['example. 60 IN NS ns0.example.'],
    additional: ['ip-10-7.example. 60 IN A 10.0.0.7', 'ns0.example. 60 IN A 203.0.113.8'],
  },
  {
    block: String.raw`template IN ANY foogle.com {
      match "^foogle\.com\.$"
      answer "foogle.com 60 IN CNAME google.com"
    }`,
    query: 'foogle.com. A',
    answer: ['foogle.com. 60 IN CNAME google.com.', 'google.com. 5 IN A 192.0.2.9'],
  },
  {
    block: 'template IN ANY foogle.com {\n answer "foogle.com 60 IN CNAME google.com"\n}',
    query: 'foogle.com. TXT',
    answer: ['foogle.com. 60 IN CNAME google.com.'],
  },
  {
    block: 'template IN TXT . {\n answer "{{ .Name }} TXT {{ index .Match 0 }}"\n}',
    query: 'a.test. TXT',
    answer: ['a.test. 3600 IN TXT "a.test."'],
  },
  { block: 'template IN A . {\n rcode SERVFAIL\n}', query: 'a.test.', rcode: 'SERVFAIL' },
  {
    block: 'template IN A . {\n match ^b\n fallthrough other.test\n}',
    query: 'a.test.',
    rcode: 'SERVFAIL',
  },
  { block: 'template IN A . {\n match ^b\n fallthrough a.test\n}', query: 'a.test.', isNext: true },
  {
    block:
      'template IN A . {\n match ^b\n fallthrough\n}\ntemplate IN A . {\n answer "{{ .Name }} A 10.0.0.1"\n}',
    query: 'a.test.',
    answer: ['a.test. 3600 IN A 10.0.0.1'],
  },
  {
    block: 'template IN A . {\n answer "{{ .Name }} TXT {{ .Type }}"\n}',
    query: 'a.test. ANY',
    answer: ['a.test. 3600 IN TXT "A"'],
  },
]

function chainOf(block: string): PluginChain {
  return new PluginChain(`. {\n${block}\n}`, {
    behind: () => next,
    askServer: ({ name }) => ({
      rcode: 0,
      authoritative: true,
      answers: [{ name, type: 1, ttlSeconds: 5, rdata: Uint8Array.of(192, 0, 2, 9) }],
    }),
  })
}

t.test('template answers with what its templates say', async t => {
  for (const { block, query, class: askedClass = 1, isNext, ...expected } of cases) {
    const chain = chainOf(block)
    const reply = await chain.ask(query, { class: askedClass })
    const name = `${query} ← ${block}`
    if (isNext) t.equal(reply, next, name)
    else {
      t.same(
        renderReply(reply),
        { rcode: 'NOERROR', answer: [], authority: [], additional: [], ...expected },
        name,
      )
      t.equal(reply.authoritative, expected.rcode !== 'SERVFAIL', `${name}: AA`)
    }
    chain.close()
  }
})

t.test('template says extended errors, and counts', async t => {
  const chain = chainOf(`${invalid}\ntemplate IN A bad {
    answer "{{ .Name }} A {{ parseInt .Name 10 8 }}"
  }
  template IN A worse {
    answer "{{ .Name }} A nothing"
  }`)
  const reply = await chain.ask('a.invalid.')
  t.same(reply.options, [
    { code: 15, data: Uint8Array.from(Buffer.from('\0\x15Blocked according to RFC2606')) },
  ])
  const labels = { server: 'dns://:53', zone: 'invalid.', view: '', class: 'IN', type: 'A' }
  t.equal(chain.count('coredns_template_matches_total', labels), 1)

  t.match(await chain.ask('a.bad.'), {
    rcode: 2,
    authoritative: false,
    error: /"a.bad." is no number/,
  })
  t.equal(
    chain.count('coredns_template_template_failures_total', { zone: 'bad.', section: 'answer' }),
    1,
  )
  t.match(await chain.ask('a.worse.'), { rcode: 2, error: /"a.worse. A nothing" is not a record/ })
  t.equal(
    chain.count('coredns_template_rr_failures_total', { template: '{{ .Name }} A nothing' }),
    1,
  )
  await chain.ask('a.invalid. TYPE4711')
  t.equal(chain.count('coredns_template_matches_total', { type: 'other' }), 1)
})

t.test('template leaves other types and zones to the fast path', async t => {
  const web = 'web.default.svc.cluster.local.'
  for (const [words, question, expected] of [
    ['IN AAAA .', web, true],
    ['IN AAAA .', `${web} AAAA`, false],
    ['ANY ANY example.org', web, true],
    ['ANY ANY svc.cluster.local', web, false],
    ['CH A .', web, true],
  ] as const) {
    const chain = new PluginChain(`. {\n template ${words}\n}`)
    t.equal(leavesAlone(chain.link('template'), question), expected, `${words} ← ${question}`)
    t.equal(chain.link('template').takesOtherClasses, words.startsWith('IN') ? undefined : true)
  }
})
