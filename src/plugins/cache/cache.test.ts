import t from 'tap'
import { Directive } from '../../corefile/directive.ts'
import { MetricCells } from '../../lib/metric-cells.ts'
import { directiveText } from '../../../test/support/corefile-files.ts'
import type { Kept, ServingContext } from '../serving-context.ts'
import { cache } from './cache.ts'
import { CachedUpstream, soa, type UpstreamText } from '../../../test/support/cached-upstream.ts'

const web = 'web.example. 300 IN A 192.0.2.1'
const webAfter = (seconds: number): string => `NOERROR\nweb.example. ${seconds} IN A 192.0.2.1`

/** What comes from upstream, and for how many seconds it is kept; 0 for not at all. */
const lifetimes: readonly [
  what: string,
  directive: string,
  reply: UpstreamText,
  seconds: number,
][] = [
  ['an answer', '', { answers: [web] }, 300],
  ['as long as its shortest TTL', '', { answers: [web, 'web.example. 20 IN A 192.0.2.2'] }, 20],
  ['the authority section counts', '', { answers: [web], authority: ['example. 30 IN NS a.'] }, 30],
  ['at most so long', '30', { answers: [web] }, 30],
  ['at most an hour', '', { answers: ['web.example. 9999 IN A 192.0.2.1'] }, 3600],
  ['at least 5 s', '', { answers: ['web.example. 0 IN A 192.0.2.1'] }, 5],
  ['at most wins over at least', '3', { answers: ['web.example. 0 IN A 192.0.2.1'] }, 3],
  ['TTL 0', '{\n success 2000 60 0\n}', { answers: ['web.example. 0 IN A 192.0.2.1'] }, 0],
  [
    'an alias and its end',
    '',
    { answers: ['web.example. 60 IN CNAME b.', 'b. 70 IN A 192.0.2.1'] },
    60,
  ],
  ['an alias to nowhere', '', { answers: ['web.example. 60 IN CNAME b.'] }, 0],
  ['NODATA by MINIMUM', '', { authority: [soa] }, 60],
  ['NODATA by the TTL of its SOA', '', { authority: [soa.replace('300', '40')] }, 40],
  [
    'NODATA behind an alias',
    '',
    { answers: ['web.example. 20 IN CNAME b.example.'], authority: [soa] },
    20,
  ],
  ['NODATA, at most so long', '{\n denial 2000 10\n}', { authority: [soa] }, 10],
  ['NODATA without SOA', '', {}, 5],
  ['NODATA with the SOA of others', '', { authority: [soa.replace(/^example/, 'other')] }, 5],
  ['NXDOMAIN', '', { rcode: 'NXDOMAIN', authority: [soa] }, 60],
  ['NXDOMAIN without SOA', '', { rcode: 'NXDOMAIN' }, 0],
  ['SERVFAIL', '', { rcode: 'SERVFAIL' }, 5],
  ['SERVFAIL for longer', '{\n servfail 30s\n}', { rcode: 'SERVFAIL' }, 30],
  ['SERVFAIL for no time', '{\n servfail 0\n}', { rcode: 'SERVFAIL' }, 0],
  ['NOTIMP', '', { rcode: 'NOTIMP' }, 5],
  ['REFUSED', '', { rcode: 'REFUSED' }, 0],
  ['a referral', '', { authority: ['example. 300 IN NS a.example.'] }, 0],
  ['a cut reply', '', { answers: [web], truncated: true }, 0],
  ['nothing of a disabled zone', '{\n disable success example\n}', { answers: [web] }, 0],
  ['answers where denials are disabled', '{\n disable denial example\n}', { answers: [web] }, 300],
  ['no denials there', '{\n disable denial\n}', { rcode: 'NXDOMAIN', authority: [soa] }, 0],
  [
    'not what is too large',
    '',
    { answers: Array.from({ length: 400 }, (_, i) => web.replace(/1$/, `${i % 250}`)) },
    0,
  ],
  ['not what is no zone of it', 'other', { answers: [web] }, 0],
]

t.test('cache keeps replies for as long as they hold', async t => {
  for (const [what, directive, reply, seconds] of lifetimes) {
    const upstream = new CachedUpstream(directive)
    upstream.reply = reply
    await upstream.ask('web.example.')
    if (seconds > 0) {
      upstream.nowMs += seconds * 1000 - 1
      await upstream.ask('web.example.')
      t.equal(upstream.asked.length, 1, `${what}: kept`)
      upstream.nowMs += 1
    }
    await upstream.ask('web.example.')
    t.equal(upstream.asked.length, 2, `${what}: no longer kept`)
  }
})

t.test('cache gives each record its own TTL, counted down', async t => {
  const upstream = new CachedUpstream('')
  upstream.reply = { answers: ['web.example. 2 IN CNAME b.', 'b. 9999 IN A 192.0.2.1'] }
  const after = (cname: number, a: number): string =>
    `NOERROR\nweb.example. ${cname} IN CNAME b.\nb. ${a} IN A 192.0.2.1`
  t.equal(await upstream.ask('web.example.'), after(5, 3600), 'the first reply has the limits too')
  upstream.nowMs += 3999
  t.equal(await upstream.ask('WEB.example.'), after(2, 3597))
  upstream.nowMs += 1000
  t.equal(await upstream.ask('web.example.'), after(1, 3596))
  t.equal(upstream.asked.length, 1)
})

t.test('keepttl gives TTLs as they came', async t => {
  const upstream = new CachedUpstream('{\n keepttl\n}')
  upstream.reply = { answers: [web] }
  await upstream.ask('web.example.')
  upstream.nowMs += 100_000
  t.equal(await upstream.ask('web.example.'), webAfter(300))
  t.equal(upstream.asked.length, 1)
})

t.test('replies of a disabled zone keep their TTLs', async t => {
  const upstream = new CachedUpstream('30 {\n disable success\n disable denial\n}')
  upstream.reply = { answers: [web] }
  t.equal(await upstream.ask('web.example.'), webAfter(300))
})

/** Two questions that share one entry or do not. */
const edns = { payloadBytes: 1232, dnssecOk: true, options: [] }
const keys: readonly [
  what: string,
  reply: UpstreamText,
  ...Parameters<CachedUpstream['ask']>,
  asked: number,
][] = [
  ['another type', { authority: [soa] }, 'web.example. AAAA', {}, 2],
  [
    'another type of a name that is not',
    { rcode: 'NXDOMAIN', authority: [soa] },
    'web.example. AAAA',
    {},
    1,
  ],
  [
    'another type where an alias leads nowhere',
    { rcode: 'NXDOMAIN', answers: ['web.example. 60 IN CNAME b.example.'], authority: [soa] },
    'web.example. AAAA',
    {},
    2,
  ],
  ['another class', { authority: [soa] }, 'web.example. A', { class: 3 }, 2],
  ['DO', { authority: [soa] }, 'web.example. A', { edns }, 2],
  [
    'EDNS without DO',
    { authority: [soa] },
    'web.example. A',
    { edns: { ...edns, dnssecOk: false } },
    1,
  ],
  ['CD', { authority: [soa] }, 'web.example. A', { checkingDisabled: true }, 2],
  [
    'an answer for one network',
    { authority: [soa] },
    'web.example. A',
    { edns: { ...edns, dnssecOk: false, options: [{ code: 8, data: new Uint8Array(4) }] } },
    2,
  ],
  ['without RD', { authority: [soa] }, 'web.example. A', { recursionDesired: false }, 1],
  ['a transfer', { authority: [soa] }, 'web.example. AXFR', {}, 2],
]

t.test('cache tells questions apart', async t => {
  for (const [what, reply, question, more, asked] of keys) {
    const upstream = new CachedUpstream('')
    upstream.reply = reply
    await upstream.ask('web.example. A')
    await upstream.ask(question, more)
    t.equal(upstream.asked.length, asked, what)
  }
})

t.test('what was asked without RD, or is not from upstream, is not kept', async t => {
  const upstream = new CachedUpstream('')
  upstream.reply = { answers: [web] }
  await upstream.ask('web.example.', { recursionDesired: false })
  upstream.answer = () => ({ rcode: 0, authoritative: true, authenticData: true })
  t.equal((await upstream.chain.ask('web.example.')).authenticData, true)
  await upstream.ask('web.example.')
  for (const more of [{ moreAnswers: [] }, { isDropped: true }] as const) {
    upstream.reply = { answers: [web], ...more }
    await upstream.ask('web.example.')
    await upstream.ask('web.example.')
  }
  t.equal(upstream.asked.length, 7)
})

t.test('AA is set on what was kept, AD is for those who want it', async t => {
  const upstream = new CachedUpstream('')
  upstream.reply = { answers: [web], authenticData: true }
  const cases = [
    [{}, { authoritative: false, authenticData: false }],
    [{}, { authoritative: true, authenticData: false, recursionAvailable: true }],
    [{ authenticData: true }, { authoritative: true, authenticData: true }],
    [{ edns }, { authoritative: false, authenticData: true }],
  ] as const
  for (const [more, expected] of cases)
    t.match(await upstream.chain.ask('web.example.', more), expected)
  t.ok(
    upstream.asked.every(({ authenticData }) => authenticData),
    'upstream is asked for AD',
  )
})

t.test('a name that is denied for one type only keeps its answers', async t => {
  const upstream = new CachedUpstream('')
  upstream.reply = { answers: [web] }
  await upstream.ask('web.example. A')
  upstream.reply = { rcode: 'NXDOMAIN', authority: [soa] }
  t.match(await upstream.ask('web.example. AAAA'), /^NXDOMAIN/)
  t.equal(await upstream.ask('web.example. A'), webAfter(300))
  t.equal(upstream.asked.length, 2)
})

t.test('cache counts', async t => {
  const upstream = new CachedUpstream('30 a.example b.example')
  upstream.reply = { answers: ['x.a.example. 30 IN A 192.0.2.1'] }
  await upstream.ask('x.a.example.')
  await upstream.ask('x.a.example.')
  await upstream.ask('elsewhere.')
  upstream.reply = { rcode: 'NXDOMAIN', authority: [soa] }
  await upstream.ask('y.b.example.')
  for (let i = 0; i < 2; i++) await upstream.ask('y.b.example. MX')
  const labels = { server: 'dns://:53', zones: 'a.example.,b.example.', view: '' }
  const count = (name: string, type?: string): number =>
    upstream.chain.count(`coredns_cache_${name}`, { ...labels, ...(type && { type }) })
  t.equal(count('requests_total'), 5)
  t.equal(count('misses_total'), 2)
  t.equal(count('hits_total', 'success'), 1)
  t.equal(count('hits_total', 'denial'), 2)
  t.equal(count('entries', 'success'), 1)
  t.equal(count('entries', 'denial'), 1)
  upstream.chain.close()
  t.equal(count('entries'), 0)
})

t.test('cache leaves cluster answers alone', async t => {
  t.equal(new CachedUpstream('').chain.link('cache').leavesClusterAnswers, true)
})

/** Two directives, and whether the second one goes on with what the first one kept. */
const changes: readonly [before: string, after: string, isSame: boolean][] = [
  ['', '{\n keepttl\n prefetch 2\n serve_stale\n}', true],
  ['30', '31', false],
  ['', '{\n success 5000\n}', false],
  ['', '{\n servfail 1s\n}', false],
  ['', '{\n disable denial a.example\n}', false],
  ['', 'a.example', false],
]

t.test(
  'cache outlives a change of the configuration that does not change what is kept',
  async t => {
    for (const [before, after, isSame] of changes) {
      const states = new Map<string, Kept>()
      const context = {
        block: { server: 'dns://:53', zones: ['.'], view: '' },
        metrics: new MetricCells(() => {}),
        thread: { index: 0, count: 2 },
        nowMs: () => 0,
        keep: (key: string, make: () => Kept) => {
          states.set(key, states.get(key) ?? make())
          return states.get(key)
        },
      } as unknown as ServingContext
      for (const text of [before, after]) {
        const directive = new Directive(directiveText(`cache ${text}`))
        cache.serve!(
          [cache.read(directive, { zones: ['.'], port: 53, plugins: new Set() })],
          context,
        )
      }
      t.equal(states.size, isSame ? 1 : 2, after)
    }
  },
)
