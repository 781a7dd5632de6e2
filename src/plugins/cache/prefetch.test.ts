import t from 'tap'
import { CachedUpstream, soa, upstreamReply } from '../../../test/support/cached-upstream.ts'
import type { Reply } from '../handler.ts'

const web = { answers: ['web.example. 100 IN A 192.0.2.1'] }

/** Seconds at which the name is asked for, and how often upstream was asked then. */
const cases: readonly [what: string, prefetch: string, seconds: number[], asked: number][] = [
  ['popular, at the end', '2', [0, 50, 90], 2],
  ['popular, before the end', '2', [0, 50, 89], 1],
  ['popular, in the last half', '2 1m 50%', [0, 40, 50], 2],
  ['not popular', '3', [0, 50, 90], 1],
  ['too seldom', '2 30s', [0, 50, 90], 1],
  ['at once', '1', [0, 90], 2],
  ['not at all', '0', [0, 50, 95], 1],
  ['popular for longer than a TTL', '3', [0, 50, 80, 95, 140, 186], 3],
]

t.test('prefetch asks again for what is popular before it expires', async t => {
  for (const [what, prefetch, seconds, asked] of cases) {
    const upstream = new CachedUpstream(`{\n prefetch ${prefetch}\n}`)
    upstream.reply = web
    const startMs = upstream.nowMs
    for (const second of seconds) {
      upstream.nowMs = startMs + second * 1000
      await upstream.ask('web.example.')
      await upstream.settle()
    }
    t.equal(upstream.asked.length, asked, what)
    t.equal(upstream.chain.count('coredns_cache_prefetch_total'), asked - 1, what)
    t.equal(upstream.chain.count('coredns_cache_evictions_total'), 0, what)
  }
})

t.test('prefetch asks one at a time, and the client does not wait', async t => {
  const upstream = new CachedUpstream('{\n prefetch 1\n}')
  upstream.reply = web
  await upstream.ask('web.example.')
  upstream.nowMs += 95_000
  const { promise, resolve } = Promise.withResolvers<Reply>()
  upstream.answer = () => promise
  for (let i = 0; i < 3; i++)
    t.equal(await upstream.ask('web.example.'), 'NOERROR\nweb.example. 5 IN A 192.0.2.1')
  t.equal(upstream.asked.length, 2)
  resolve(upstreamReply(web))
  await upstream.settle()
  t.equal(await upstream.ask('web.example.'), 'NOERROR\nweb.example. 100 IN A 192.0.2.1')
})

t.test('prefetch waits a second after a failure', async t => {
  const upstream = new CachedUpstream('{\n prefetch 1\n}')
  upstream.reply = web
  await upstream.ask('web.example.')
  upstream.nowMs += 95_000
  upstream.reply = { rcode: 'SERVFAIL' }
  for (const [waitMs, asked] of [
    [0, 2],
    [999, 2],
    [1, 3],
  ] as const) {
    upstream.nowMs += waitMs
    t.match(await upstream.ask('web.example.'), /^NOERROR/)
    await upstream.settle()
    t.equal(upstream.asked.length, asked)
  }
})

t.test('a short TTL is asked for again in its last second', async t => {
  const upstream = new CachedUpstream('5 {\n prefetch 1\n}')
  upstream.reply = web
  await upstream.ask('web.example.')
  upstream.nowMs += 4000
  await upstream.ask('web.example.')
  await upstream.settle()
  t.equal(upstream.asked.length, 2)
})

t.test('an answer that upstream takes back is not given when the denial has expired', async t => {
  for (const [stale, expected] of [
    ['', /^NOERROR\nexample\. 5 IN SOA/],
    ['serve_stale', /^NOERROR\nweb\.example\. 0 IN A/],
  ] as const) {
    const upstream = new CachedUpstream(`{\n prefetch 1 1m 90%\n ${stale}\n}`)
    upstream.reply = web
    await upstream.ask('web.example.')
    upstream.nowMs += 50_000
    upstream.reply = { authority: [soa.replace(/60$/, '1')] }
    await upstream.ask('web.example.')
    await upstream.settle()
    t.match(await upstream.ask('web.example.'), /^NOERROR\nexample\. 5 IN SOA/)
    upstream.nowMs += 5000
    t.match(await upstream.ask('web.example.'), expected, stale)
  }
})
