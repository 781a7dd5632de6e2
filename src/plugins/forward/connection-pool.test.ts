import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import {
  type Behaviour,
  type FakeQuery,
  FakeUpstream,
} from '../../../test/support/fake-upstream.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { answering, silent } from '../../../test/support/upstream-behaviours.ts'

const cert = fileURLToPath(new URL('../../../test/fixtures/upstream-tls/cert.pem', import.meta.url))
const key = fileURLToPath(new URL('../../../test/fixtures/upstream-tls/key.pem', import.meta.url))
const tls = { cert: readFileSync(cert), key: readFileSync(key) }

/** A chain whose one upstream is asked over TCP; the clock is the test's. */
async function overTcp(
  t: Test,
  behave: Behaviour,
  options = '',
): Promise<{ chain: PluginChain; upstream: FakeUpstream; clock: { nowMs: number } }> {
  const upstream = await FakeUpstream.open(behave)
  const clock = { nowMs: 0 }
  const chain = new PluginChain(
    `. {\n forward . ${upstream.to} {\n force_tcp\n max_fails 0\n ${options}\n}\n}`,
    { nowMs: () => clock.nowMs },
  )
  t.teardown(async () => {
    chain.close()
    await upstream[Symbol.asyncDispose]()
  })
  return { chain, upstream, clock }
}

t.test('a connection is used again', async t => {
  const { chain, upstream } = await overTcp(t, answering)
  for (const name of ['a', 'b', 'c']) t.equal((await chain.ask(`${name}.example A`)).rcode, 0)
  t.equal(upstream.connections, 1)
  const labels = { to: upstream.to, proto: 'tcp' }
  t.equal(chain.count('coredns_proxy_conn_cache_hits_total', labels), 2)
  t.equal(chain.count('coredns_proxy_conn_cache_misses_total', labels), 1)
})

const limits: readonly [option: string, laterMs: number, connections: number][] = [
  ['expire 10s', 9000, 1],
  ['expire 10s', 11_000, 2],
  ['expire 0s', 0, 2],
  ['max_age 20s', 9000, 1],
  ['expire 10s\nmax_age 10s', 10_500, 2],
]
for (const [option, laterMs, connections] of limits) {
  t.test(`${option.replace('\n', ', ')}: after ${laterMs} ms`, async t => {
    const { chain, upstream, clock } = await overTcp(t, answering, option)
    await chain.ask('a.example A')
    clock.nowMs += laterMs
    await chain.ask('b.example A')
    t.equal(upstream.connections, connections)
  })
}

t.test('max_idle_conns closes what is too many', async t => {
  const { chain, upstream } = await overTcp(t, answering, 'max_idle_conns 1')
  const names = ['a', 'b', 'c']
  for (let round = 0; round < 2; round++) {
    await Promise.all(names.map(async name => chain.ask(`${name}${round}.example A`)))
  }
  t.equal(upstream.connections, 5)
})

t.test('a connection that was closed meanwhile is replaced without a failure', async t => {
  const { chain, upstream } = await overTcp(
    t,
    query => {
      if (query.number === 1) query.hangUp()
      else answering(query)
    },
    'max_connect_attempts 1',
  )
  await chain.ask('a.example A')
  t.equal(renderReply(await chain.ask('b.example A')).rcode, 'NOERROR')
  t.equal(upstream.connections, 2)
})

t.test('questions share connections, and replies come in any order', async t => {
  const held: FakeQuery[] = []
  const { chain, upstream } = await overTcp(t, query => {
    held.push(query)
    if (held.length === 40) for (const one of held.toReversed()) answering(one)
  })
  const names = Array.from({ length: 40 }, (_, n) => `n${n}.example`)
  const replies = await Promise.all(names.map(async name => chain.ask(`${name} A`)))
  t.strictSame(
    replies.map(reply => renderReply(reply).answer[0]),
    names.map(name => `${name}. 60 IN A 192.0.2.1`),
  )
  t.ok(upstream.connections <= 8)
})

t.test('a connection on which a reply was late is not used again', async t => {
  const { chain, upstream } = await overTcp(
    t,
    query => (query.number === 0 ? silent(query) : answering(query)),
    'read_timeout 50ms',
  )
  t.equal((await chain.ask('a.example A')).rcode, 0)
  t.equal(upstream.connections, 2)
})

const tlsCases: readonly [options: string, error: RegExp | undefined][] = [
  [`tls ${cert}\ntls_servername dns.example`, undefined],
  [`tls ${cert} ${key} ${cert}\ntls_servername dns.example`, undefined],
  [`tls ${cert}\ntls_servername other.example`, /Hostname\/IP does not match/],
  [`tls ${cert}`, /does not match/],
  ['tls_servername dns.example', /self-signed certificate/],
]
t.test('tls:// asks over TLS, and only who has the certificate', async t => {
  const upstream = await FakeUpstream.open(answering, tls)
  for (const [options, error] of tlsCases) {
    const chain = new PluginChain(
      `. {\n forward . tls://${upstream.to} {\n max_fails 0\n ${options}\n}\n}`,
    )
    const reply = await chain.ask('a.example A')
    if (error) t.match(reply.error, error, options)
    else t.equal(reply.rcode, 0, options)
    chain.close()
  }
  t.strictSame(upstream.asked, ['tcp a.example A', 'tcp a.example A'])
  await upstream[Symbol.asyncDispose]()
})
