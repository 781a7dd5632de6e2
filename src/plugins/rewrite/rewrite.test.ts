import t from 'tap'
import { parseRecord } from '../../dns/record-text.ts'
import { parseRcode } from '../../dns/rcode.ts'
import { renderRrType } from '../../dns/rr-type.ts'
import { parseName, renderName } from '../../dns/wire-name.ts'
import type { Query, Reply } from '../handler.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'

interface RewriteCase {
  /** Directives. */
  readonly rules: string
  readonly query: string
  /** The question behind the plugin. */
  readonly asked?: string
  /** What is answered there. */
  readonly found?: readonly string[]
  readonly foundRcode?: string
  readonly answer?: readonly string[]
  readonly rcode?: string
  readonly error?: string
}

const cases: Readonly<Record<string, readonly RewriteCase[]>> = {
  'names are matched whole, in part or by expression': [
    { rules: 'rewrite name a.test b.test', query: 'A.Test.', asked: 'b.test. A' },
    { rules: 'rewrite name a.test b.test', query: 'x.a.test.', asked: 'x.a.test. A' },
    { rules: 'rewrite stop name exact a.test. B.test.', query: 'a.test.', asked: 'b.test. A' },
    { rules: 'rewrite name prefix foo bar', query: 'foo.a.test.', asked: 'bar.a.test. A' },
    { rules: 'rewrite name prefix foo bar', query: 'food.test.', asked: 'food.test. A' },
    { rules: 'rewrite name suffix com org', query: 'foo.com.', asked: 'foo.org. A' },
    {
      rules: 'rewrite name suffix .in.rocks nginx.rocks',
      query: 'core.in.rocks.',
      asked: 'corenginx.rocks. A',
    },
    {
      rules: 'rewrite name suffix .schmoogle.com. .google.com.',
      query: 'www.schmoogle.com.',
      asked: 'www.google.com. A',
    },
    {
      rules: 'rewrite name substring service.us.example.org service.us.consul',
      query: 'ftp.service.us.example.org.',
      asked: 'ftp.service.us.consul. A',
    },
    {
      rules: String.raw`rewrite name regex (.*)-(us-west-1)\.example\.org {1}.service.{2}.consul`,
      query: 'ftp-us-west-1.example.org.',
      asked: 'ftp.service.us-west-1.consul. A',
    },
    { rules: 'rewrite name regex (x)|(y) {2}z{1}.test', query: 'y.', asked: 'yz.test. A' },
    {
      rules: 'rewrite name regex (.*) {1}{1}..test',
      query: 'a.test.',
      rcode: 'SERVFAIL',
      error: 'invalid name after rewrite: a.test.a.test...test.',
    },
  ],
  'rules go on after continue': [
    {
      rules: 'rewrite continue name a.test b.test\nrewrite name b.test c.test\nrewrite type A AAAA',
      query: 'a.test.',
      asked: 'c.test. A',
    },
    {
      rules: 'rewrite name x.test y.test\nrewrite type A AAAA',
      query: 'a.test.',
      asked: 'a.test. AAAA',
    },
    { rules: 'rewrite type ANY HINFO', query: 'a.test. ANY', asked: 'a.test. HINFO' },
    {
      rules:
        'rewrite continue name suffix .uk .us answer auto\nrewrite name suffix .us .local answer auto',
      query: 'a.uk.',
      asked: 'a.local. A',
      found: ['a.local. 5 IN A 192.0.2.1'],
      answer: ['a.uk. 5 IN A 192.0.2.1'],
    },
  ],
  'names of the answer are mapped back': [
    {
      rules: 'rewrite name a.test web.default.svc.cluster.local',
      query: 'A.test. SRV',
      found: [
        'web.default.svc.cluster.local. 5 IN SRV 0 100 80 x.web.default.svc.cluster.local.',
        'other.test. 5 IN A 192.0.2.2',
      ],
      answer: ['A.test. 5 IN SRV 0 100 80 x.a.test.', 'other.test. 5 IN A 192.0.2.2'],
    },
    {
      rules: 'rewrite name suffix .coredns.rocks .service.consul',
      query: 'ftp.coredns.rocks.',
      found: ['ftp.service.consul. 0 IN A 10.1.1.1'],
      answer: ['ftp.service.consul. 0 IN A 10.1.1.1'],
    },
    {
      rules: 'rewrite stop {\n name suffix .coredns.rocks .service.consul answer auto\n}',
      query: 'ftp.coredns.rocks. CNAME',
      found: ['FTP.Service.Consul. 0 IN CNAME b.service.consul.'],
      answer: ['ftp.coredns.rocks. 0 IN CNAME b.coredns.rocks.'],
    },
    {
      rules: 'rewrite name regex (.*)-x.rocks. {1}.consul. answer auto',
      query: 'a-x.rocks.',
      found: ['a.consul. 0 IN A 10.1.1.1'],
      answer: ['a-x.rocks. 0 IN A 10.1.1.1'],
    },
    {
      rules: String.raw`rewrite stop {
        name regex (.*)-(us-west-1)\.coredns\.rocks {1}.service.{2}.consul
        answer name (.*)\.service\.(us-west-1)\.consul {1}-{2}.coredns.rocks
      }`,
      query: 'ftp-us-west-1.coredns.rocks.',
      found: ['ftp.service.us-west-1.consul. 0 IN A 10.10.10.10'],
      answer: ['ftp-us-west-1.coredns.rocks. 0 IN A 10.10.10.10'],
    },
    {
      rules: String.raw`rewrite stop {
        name suffix .arpa .arpa
        answer name auto
        answer value (.*)\.service\.consul\. {1}.coredns.rocks.
      }`,
      query: '30.30.30.10.in-addr.arpa. PTR',
      found: ['30.30.30.10.in-addr.arpa. 60 IN PTR ftp-us-west-1.service.consul.'],
      answer: ['30.30.30.10.in-addr.arpa. 60 IN PTR ftp-us-west-1.coredns.rocks.'],
    },
    {
      // The second answer rule comes first.
      rules: String.raw`rewrite name exact a.test b.test answer value v(.*)\. w{1} value (.*)x\. {1}y`,
      query: 'a.test. MX',
      found: [
        'b.test. 0 IN MX 10 vx.',
        'b.test. 0 IN NAPTR 1 2 "" "" "" vx.',
        'b.test. 0 IN SOA vx. vx. 1 2 3 4 5',
      ],
      answer: [
        'a.test. 0 IN MX 10 wy.',
        'a.test. 0 IN NAPTR 1 2 "" "" "" wy.',
        'a.test. 0 IN SOA wy. vx. 1 2 3 4 5',
      ],
    },
  ],
  'TTLs are set or kept in a range': [
    ...(
      [
        ['15', 15],
        ['30-300', 60],
        ['-30', 30],
        ['90-', 90],
        ['0-60', 60],
      ] as const
    ).map(([range, ttl]): RewriteCase => ({
      rules: `rewrite ttl a.test ${range}`,
      query: 'a.test.',
      found: ['a.test. 60 IN A 10.1.1.1'],
      answer: [`a.test. ${ttl} IN A 10.1.1.1`],
    })),
    {
      rules: String.raw`rewrite continue {
        ttl regex (.*)\.coredns\.rocks 15
      }`,
      query: 'www.coredns.rocks.',
      found: ['www.coredns.rocks. 0 IN A 10.1.1.1'],
      answer: ['www.coredns.rocks. 15 IN A 10.1.1.1'],
    },
    {
      rules: 'rewrite ttl suffix .rocks 15',
      query: 'www.test.',
      found: ['www.test. 0 IN A 10.1.1.1'],
      answer: ['www.test. 0 IN A 10.1.1.1'],
    },
  ],
  'rcodes are exchanged': [
    {
      rules: String.raw`rewrite continue {
        rcode regex (.*)\.coredns\.rocks SERVFAIL NOERROR
      }`,
      query: 'a.coredns.rocks.',
      foundRcode: 'SERVFAIL',
      rcode: 'NOERROR',
    },
    {
      rules: 'rewrite rcode a.test 2 0',
      query: 'a.test.',
      foundRcode: 'NXDOMAIN',
      rcode: 'NXDOMAIN',
    },
    {
      rules: 'rewrite rcode a.test 3 2',
      query: 'a.test.',
      foundRcode: 'NXDOMAIN',
      rcode: 'SERVFAIL',
    },
  ],
  'targets of aliases are exchanged for others': [
    {
      rules: 'rewrite cname regex (.*).cdn.example.net. {1}.other.cdn.com.',
      query: 'my-app.com.',
      found: [
        'my-app.com. 200 IN CNAME my-app.example.',
        'my-app.example. 200 IN CNAME my-app.com.cdn.example.net.',
        'my-app.com.cdn.example.net. 300 IN A 20.2.0.1',
      ],
      answer: [
        'my-app.com. 200 IN CNAME my-app.example.',
        'my-app.example. 200 IN CNAME my-app.com.other.cdn.com.',
        'my-app.com.other.cdn.com. 100 IN A 30.3.1.2',
      ],
    },
    {
      rules: 'rewrite cname a.test b.test',
      query: 'x.test.',
      found: ['x.test. 1 IN CNAME c.test.', 'c.test. 1 IN A 10.1.1.1'],
      answer: ['x.test. 1 IN CNAME c.test.', 'c.test. 1 IN A 10.1.1.1'],
    },
  ],
}

for (const [title, table] of Object.entries(cases)) {
  t.test(`rewrite: ${title}`, async t => {
    for (const one of table) {
      let asked = ''
      const chain = new PluginChain(`. {\n${one.rules}\n}`, {
        behind: query => {
          asked = `${renderName(query.name)} ${renderRrType(query.type)}`
          return replyOf(one.found, one.foundRcode)
        },
        askServer: query => replyOf([`${renderName(query.name)} 100 IN A 30.3.1.2`]),
      })
      const reply = await chain.ask(one.query)
      const name = `${one.rules} ← ${one.query}`
      if (one.asked !== undefined) t.equal(asked, one.asked, name)
      t.equal(reply.error, one.error, name)
      const { rcode, answer } = renderReply(reply)
      t.equal(rcode, one.rcode ?? 'NOERROR', name)
      t.same(answer, one.answer ?? [], name)
      chain.close()
    }
  })
}

t.test('rewrite changes every section, and stays sync', async t => {
  const found = replyOf(['b.test. 60 IN SOA ns. me. 1 2 3 4 5'])
  const chain = new PluginChain(
    '. {\n rewrite continue ttl a.test 7\n rewrite name a.test b.test\n}',
    {
      behind: () => ({
        ...found,
        answers: [],
        authority: found.answers!,
        additional: found.answers!,
      }),
    },
  )
  const reply = chain.ask('a.test.') as Reply
  const soa = ['a.test. 60 IN SOA ns. me. 1 2 3 4 5']
  t.notOk(reply instanceof Promise)
  t.same(renderReply(reply), {
    rcode: 'NOERROR',
    answer: [],
    authority: soa.map(line => line.replace('60', '7')),
    additional: soa.map(line => line.replace('60', '7')),
  })
  const later = new PluginChain('. {\n rewrite name a.test b.test\n}', {
    behind: () => Promise.resolve(found),
  })
  t.same(renderReply(await later.ask('a.test.')).answer, soa)
})

t.test('rewrite takes other classes only to change them', async t => {
  let asked: Query | undefined
  const chain = new PluginChain('. {\n rewrite class CH IN\n}', {
    behind: query => {
      asked = query
      return replyOf()
    },
  })
  await chain.ask('a.test.', { class: 3 })
  t.equal(asked!.class, 1)
  t.equal(chain.link('rewrite').takesOtherClasses, true)
  const names = new PluginChain('. {\n rewrite name a.test b.test\n}')
  t.equal(names.link('rewrite').takesOtherClasses, undefined)
})

function replyOf(lines: readonly string[] = [], rcode = 'NOERROR'): Reply {
  const answers = lines.map(line => {
    const parsed = parseRecord(line, { origin: parseName('.')!, ttlSeconds: 0 })
    if ('error' in parsed) throw new Error(parsed.error)
    return parsed.record
  })
  return { rcode: parseRcode(rcode)!, authoritative: true, answers }
}
