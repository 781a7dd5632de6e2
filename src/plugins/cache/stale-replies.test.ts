import t from 'tap'
import { CachedUpstream, soa, upstreamReply } from '../../../test/support/cached-upstream.ts'
import type { Reply } from '../handler.ts'

const old = { answers: ['web.example. 60 IN A 192.0.2.1'] }
const fresh = { answers: ['web.example. 60 IN A 192.0.2.2'] }
const gone = { rcode: 'NXDOMAIN', authority: [soa] }
const deniedSoa = soa.replace('300', '60')
const failed = { rcode: 'SERVFAIL' }
const oldReply = (ttl: number): string => `NOERROR\nweb.example. ${ttl} IN A 192.0.2.1`
const freshReply = 'NOERROR\nweb.example. 60 IN A 192.0.2.2'

/** A cache whose answer for web.example has just expired, with `options` behind `serve_stale`. */
async function expired(options: string, policy = ''): Promise<CachedUpstream> {
  const upstream = new CachedUpstream(`{\n serve_stale ${options}\n ${policy}\n}`)
  upstream.reply = old
  await upstream.ask('web.example.')
  upstream.nowMs += 60_000
  upstream.asked.length = 0
  return upstream
}

t.test('immediate gives the old reply and asks in the background', async t => {
  const upstream = await expired('')
  upstream.reply = fresh
  t.equal(await upstream.ask('web.example.'), oldReply(0))
  await upstream.settle()
  t.equal(upstream.asked.length, 1)
  t.equal(await upstream.ask('web.example.'), freshReply)
  t.equal(upstream.asked.length, 1)
  t.equal(upstream.chain.count('coredns_cache_served_stale_total'), 1)
  t.equal(upstream.chain.count('coredns_cache_hits_total', { type: 'success' }), 2)
})

t.test('one question at a time goes upstream for an old reply', async t => {
  const upstream = await expired('1h immediate 30s')
  const { promise, resolve } = Promise.withResolvers<Reply>()
  upstream.answer = () => promise
  for (let i = 0; i < 3; i++) t.equal(await upstream.ask('web.example.'), oldReply(30))
  t.equal(upstream.asked.length, 1)
  resolve(upstreamReply(fresh))
  await upstream.settle()
  t.equal(await upstream.ask('web.example.'), freshReply)
})

t.test('an old reply is given for so long and no longer', async t => {
  const upstream = await expired('1m')
  upstream.reply = { rcode: 'REFUSED' }
  upstream.nowMs += 59_999
  t.equal(await upstream.ask('web.example.'), oldReply(0))
  upstream.nowMs += 1
  t.equal(await upstream.ask('web.example.'), 'REFUSED')
})

t.test('verify gives the old reply when upstream fails', async t => {
  for (const [reply, expected] of [
    [fresh, freshReply],
    [failed, oldReply(0)],
    [{ rcode: 'REFUSED' }, oldReply(0)],
    [{ ...fresh, truncated: true }, oldReply(0)],
    [gone, `NXDOMAIN\n${deniedSoa}`],
  ] as const) {
    const upstream = await expired('1h verify')
    upstream.reply = reply
    t.equal(await upstream.ask('web.example.'), expected)
    t.equal(upstream.asked.length, 1)
  }
})

t.test('verify gives the old reply when upstream throws', async t => {
  const upstream = await expired('1h verify 0')
  upstream.answer = () => Promise.reject(new Error('no route'))
  t.equal(await upstream.ask('web.example.'), oldReply(0))
  t.same(upstream.chain.logged, ['error plugin/cache: Cannot refresh: Error: no route'])
})

t.test(
  'verify gives the old reply when upstream takes too long, and keeps what comes later',
  async t => {
    const upstream = await expired('1h verify 1ms')
    const { promise, resolve } = Promise.withResolvers<Reply>()
    upstream.answer = () => promise
    t.equal(await upstream.ask('web.example.'), oldReply(0))
    t.equal(await upstream.ask('web.example.'), oldReply(0))
    t.equal(upstream.asked.length, 1, 'the question that is under way is waited for')
    resolve(upstreamReply(fresh))
    await upstream.settle()
    t.equal(await upstream.ask('web.example.'), freshReply)
  },
)

t.test('after a failure, upstream is left alone for a while', async t => {
  for (const [options, reply, pauseMs] of [
    ['1h verify', failed, 5000],
    ['1h immediate', failed, 5000],
    ['1h verify', { rcode: 'REFUSED' }, 1000],
    ['1h verify 0 0s 20s', { rcode: 'REFUSED' }, 20_000],
    ['1h immediate 0s 20s', { rcode: 'REFUSED' }, 20_000],
  ] as const) {
    const upstream = await expired(options)
    upstream.reply = reply
    await upstream.ask('web.example.')
    await upstream.settle()
    upstream.nowMs += pauseMs - 1
    t.equal(await upstream.ask('web.example.'), oldReply(0), options)
    await upstream.settle()
    t.equal(upstream.asked.length, 1, options)
    upstream.nowMs += 1
    await upstream.ask('web.example.')
    await upstream.settle()
    t.equal(upstream.asked.length, 2, options)
  }
})

t.test(
  'a denial stands before the old answer while it is fresh, not when both are old',
  async t => {
    for (const [policy, whileFresh] of [
      ['', 'NXDOMAIN'],
      ['serve_stale_policy prefer_positive', 'NOERROR'],
    ] as const) {
      const upstream = await expired('1h', policy)
      upstream.reply = gone
      await upstream.ask('web.example.')
      await upstream.settle()
      t.match(await upstream.ask('web.example.'), new RegExp(`^${whileFresh}`), policy)
      upstream.nowMs += 60_000
      upstream.answer = () => new Promise(() => {})
      t.equal(await upstream.ask('web.example.'), oldReply(0), policy)
    }
  },
)

t.test('with prefer_positive only an answer takes the place of an answer', async t => {
  const upstream = await expired('1h verify', 'serve_stale_policy prefer_positive')
  upstream.reply = gone
  t.equal(await upstream.ask('web.example.'), oldReply(0))
  upstream.nowMs += 1000
  upstream.reply = fresh
  t.equal(await upstream.ask('web.example.'), freshReply)
})

t.test('an old denial is given too, until there is an answer for the name', async t => {
  const upstream = new CachedUpstream('{\n serve_stale 1h verify\n}')
  upstream.reply = gone
  await upstream.ask('web.example. MX')
  upstream.nowMs += 60_000
  upstream.reply = failed
  t.match(await upstream.ask('web.example. TXT'), /^NXDOMAIN\nexample\. 0 IN SOA/)
  upstream.nowMs += 5000
  upstream.reply = fresh
  t.equal(await upstream.ask('web.example. A'), freshReply)
  upstream.reply = failed
  t.equal(await upstream.ask('web.example. MX'), 'SERVFAIL')
})

t.test('old replies say so to clients with EDNS', async t => {
  const upstream = await expired('1h')
  upstream.answer = () => new Promise(() => {})
  const { options } = await upstream.chain.ask('web.example.')
  t.same(options, [{ code: 15, data: Uint8Array.of(0, 3) }])

  const denied = new CachedUpstream('{\n serve_stale\n}')
  denied.reply = gone
  await denied.ask('web.example.')
  denied.nowMs += 60_000
  const reply = await denied.chain.ask('web.example.')
  t.same(reply.options, [{ code: 15, data: Uint8Array.of(0, 19) }])
})
