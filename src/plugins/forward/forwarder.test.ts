import t, { type Test } from 'tap'
import { type Behaviour, FakeUpstream } from '../../../test/support/fake-upstream.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import {
  address,
  answering,
  answersOnlyProbes,
  nameOf,
  replying,
  replyTo,
} from '../../../test/support/upstream-behaviours.ts'
import type { Client, Query, Reply } from '../handler.ts'

/** A fake upstream that ends with the test. */
async function open(t: Test, behave: Behaviour): Promise<FakeUpstream> {
  const upstream = await FakeUpstream.open(behave)
  t.teardown(() => upstream[Symbol.asyncDispose]())
  return upstream
}

function chainOf(t: Test, lines: string, setting = {}): PluginChain {
  const chain = new PluginChain(`. {\n${lines}\n}`, setting)
  t.teardown(() => chain.close())
  return chain
}

/** An A record with this address for every name. */
function giving(data: string): Behaviour {
  return query => query.send(replyTo(query, { answers: [address(nameOf(query), data)] }))
}

async function dataOf(reply: Reply | Promise<Reply>): Promise<string> {
  const { rcode, answer } = renderReply(await reply)
  return answer[0]?.split(' ').at(-1) ?? rcode
}

function from(address: string): Partial<Query> {
  const client: Client = { address, port: 1, family: 'IPv4', transport: 'udp' }
  return { client }
}

const holding: Behaviour = () => {}

t.test('the first forward in the file that is for a name is asked', async t => {
  const [one, two] = [await open(t, giving('192.0.2.1')), await open(t, giving('192.0.2.2'))]
  const chain = chainOf(
    t,
    `forward corp.example ${one.to} {\n except lab.corp.example corp.example.org\n}\nforward example ${two.to}`,
    { behind: (): Reply => ({ rcode: 9, authoritative: false }) },
  )
  const cases: readonly [question: string, data: string][] = [
    ['web.corp.example A', '192.0.2.1'],
    ['WEB.Corp.example A', '192.0.2.1'],
    ['corp.example A', '192.0.2.1'],
    ['notcorp.example A', '192.0.2.2'],
    ['web.lab.corp.example A', '192.0.2.2'],
    ['web.example A', '192.0.2.2'],
    ['web.test A', 'NOTAUTH'],
    ['corp.example AXFR', 'REFUSED'],
  ]
  for (const [question, data] of cases) t.equal(await dataOf(chain.ask(question)), data, question)
})

t.test('next asks the forward behind', async t => {
  const first: Behaviour = query => {
    const rcodes: Record<string, number> = { 'no.example': 3, 'bad.example': 2, 'empty.example': 0 }
    query.send(replyTo(query, { rcode: rcodes[nameOf(query)] ?? 5 }))
  }
  const [one, two] = [await open(t, first), await open(t, giving('192.0.2.2'))]
  const chain = chainOf(
    t,
    `forward . ${one.to} {\n next NXDOMAIN SERVFAIL\n next_on_nodata\n}\nforward . ${two.to} {\n next NOERROR\n}`,
  )
  const cases: readonly [question: string, data: string][] = [
    ['no.example A', '192.0.2.2'],
    ['bad.example A', '192.0.2.2'],
    ['bad.example A', '192.0.2.2'],
    ['empty.example A', '192.0.2.2'],
    ['other.example A', 'REFUSED'],
  ]
  for (const [question, data] of cases) t.equal(await dataOf(chain.ask(question)), data, question)
})

t.test('names that mean the same everywhere stay here', async t => {
  const upstream = await open(t, giving('192.0.2.1'))
  const chain = chainOf(t, `forward . ${upstream.to}`)
  t.equal(await dataOf(chain.ask('localhost A')), '127.0.0.1')
  t.equal(await dataOf(chain.ask('a.LOCALHOST AAAA')), '::1')
  t.equal(await dataOf(chain.ask('localhost MX')), 'NOERROR')
  t.equal(await dataOf(chain.ask('web.invalid A')), 'NXDOMAIN')
  t.equal(await dataOf(chain.ask('1.0.0.10.in-addr.arpa A')), '192.0.2.1')
  t.strictSame(upstream.asked, ['udp 1.0.0.10.in-addr.arpa A'])
  const particular = chainOf(t, `forward localhost ${upstream.to}`)
  t.equal(await dataOf(particular.ask('web.localhost A')), '192.0.2.1')
})

t.test('failures rest for 1 s, 2 s, 4 s', async t => {
  let nowMs = 0
  const upstream = await open(t, replying({ rcode: 2 }))
  const chain = chainOf(t, `forward . ${upstream.to}`, { nowMs: () => nowMs })
  const asks: number[] = []
  for (; nowMs < 70_000; nowMs += 500) {
    t.equal((await chain.ask('web.example A')).rcode, 2)
    if (upstream.asked.length > asks.length) asks.push(nowMs)
  }
  t.strictSame(asks, [0, 1000, 3000, 7000, 15_000, 31_000, 61_000])
  t.equal(await dataOf(chain.ask('web.example AAAA')), 'SERVFAIL')
  t.equal(upstream.asked.length, 8, 'another type is another question')
  upstream.behave = answering
  nowMs += 40_000
  t.equal(await dataOf(chain.ask('web.example A')), '192.0.2.1')
})

t.test('more than max_concurrent questions are SERVFAIL', async t => {
  const upstream = await open(t, holding)
  const options = 'max_concurrent 2\nread_timeout 100ms\nmax_connect_attempts 1\nmax_fails 0'
  const chain = chainOf(t, `forward . ${upstream.to} {\n${options}\n}`)
  const held = [chain.ask('a.example A'), chain.ask('b.example A')]
  const refused = await chain.ask('c.example A')
  t.equal(refused.rcode, 2)
  t.equal(refused.error, 'concurrent queries exceeded maximum 2')
  t.equal(chain.count('coredns_forward_max_concurrent_rejects_total'), 1)
  for (const reply of held) t.match((await reply).error, /i\/o timeout$/)
  t.match((await chain.ask('d.example A')).error, /i\/o timeout$/, 'there is room again')
})

t.test('one client may have 200 questions open, one question 100 clients', async t => {
  const upstream = await open(t, holding)
  const options = 'read_timeout 200ms\nmax_connect_attempts 1\nmax_fails 0'
  const chain = chainOf(t, `forward . ${upstream.to} {\n${options}\n}`)
  const many = Array.from({ length: 201 }, async (_, n) =>
    chain.ask(`n${n}.example A`, from('192.0.2.1')),
  )
  t.equal((await many[200]!).error, 'concurrent queries exceeded maximum 200')
  const waiting = Array.from({ length: 101 }, async (_, n) =>
    chain.ask('n0.example A', from(`192.0.2.${n + 2}`)),
  )
  t.equal((await waiting[100]!).error, 'concurrent queries exceeded maximum 100')
  t.match((await waiting[0]!).error, /i\/o timeout$/)
  await Promise.all(many)
})

t.test('an upstream that is silent has company, and goes down', async t => {
  const [dead, alive] = [await open(t, holding), await open(t, giving('192.0.2.2'))]
  const chain = chainOf(
    t,
    `forward . ${dead.to} ${alive.to} {\n policy round_robin\n read_timeout 300ms\n health_check 50ms\n}`,
  )
  const startedMs = performance.now()
  t.equal(await dataOf(chain.ask('a.example A')), '192.0.2.2')
  t.ok(performance.now() - startedMs < 1000)
  t.strictSame(dead.asked, ['udp a.example A'])
})

t.test('a half-dead upstream, which answers probes only, is not the end', async t => {
  const [half, alive] = [await open(t, answersOnlyProbes), await open(t, giving('192.0.2.2'))]
  const chain = chainOf(
    t,
    `forward . ${half.to} ${alive.to} {\n policy sequential\n read_timeout 50ms\n}`,
  )
  for (const name of ['a', 'b', 'c', 'd']) {
    t.equal(await dataOf(chain.ask(`${name}.example A`)), '192.0.2.2')
  }
  t.ok(half.asked.length >= 4)
})

t.test('what upstreams have done outlives a change of the configuration', async t => {
  const upstream = await open(t, replying({ rcode: 2 }))
  const kept = new Map()
  const before = new PluginChain(`. {\n forward . ${upstream.to}\n}`, { kept })
  await before.ask('web.example A')
  before.chain.close()
  const after = chainOf(t, `forward . ${upstream.to} {\n policy sequential\n}`, { kept })
  t.equal((await after.ask('web.example A')).rcode, 2)
  t.equal(upstream.asked.length, 1)
  t.equal(kept.size, 1)
})

t.test('questions are counted', async t => {
  const upstream = await open(t, replying({ rcode: 3 }))
  const chain = chainOf(t, `forward . ${upstream.to}`)
  await chain.ask('web.example A')
  const { to } = upstream
  const rcode = 'NXDOMAIN'
  const series: readonly [name: string, labels: Record<string, string>][] = [
    ['coredns_proxy_request_duration_seconds', { proxy_name: 'forward', to, rcode }],
    ['coredns_proxy_conn_cache_misses_total', { proxy_name: 'forward', to, proto: 'udp' }],
    ['coredns_forward_requests_total', { to }],
    ['coredns_forward_responses_total', { to, rcode }],
    ['coredns_forward_request_duration_seconds', { to, rcode }],
  ]
  for (const [name, labels] of series) t.equal(chain.count(name, labels), 1, name)
})
