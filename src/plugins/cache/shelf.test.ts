import t from 'tap'
import { MetricCells } from '../../lib/metric-cells.ts'
import { CachedUpstream, soa } from '../../../test/support/cached-upstream.ts'
import { queryOf } from '../../../test/support/plugin-chain.ts'
import { CachedReply } from './cached-reply.ts'
import { Shelf } from './shelf.ts'

const { name } = queryOf('web.example.')
const record = { name, type: 1, ttlSeconds: 60, rdata: new Uint8Array(4) }

function cachedReply(records: number): CachedReply {
  const answers = Array.from({ length: records }, () => record)
  const kept = { kind: 'answer', lifetimeMs: 1 } as const
  return new CachedReply({ rcode: 0, authoritative: false, answers }, { name, kept, nowMs: 0 })
}

/** How many of 1,000 different replies stay. */
function staying(options: { limitBytes: number; capacityEntries: number }, records = 1): number {
  const cells = new MetricCells(() => {})
  const shelf = new Shelf({ ...options, entries: cells.gauge('a'), evictions: cells.counter('b') })
  const reply = cachedReply(records)
  for (let i = 0; i < 1000; i++) shelf.set(String.fromCharCode(i >> 8, i & 255), reply)
  return Array.from({ length: 1000 }, (_, i) =>
    shelf.get(String.fromCharCode(i >> 8, i & 255)),
  ).filter(found => found !== undefined).length
}

t.test('a shelf holds so many bytes and so many entries', async t => {
  const bytes = cachedReply(1).memoryBytes + 2
  t.equal(staying({ limitBytes: bytes * 10, capacityEntries: 1e6 }), 10)
  t.equal(staying({ limitBytes: bytes * 1000, capacityEntries: 100 }), 100)
  t.equal(staying({ limitBytes: 1e9, capacityEntries: 1e6 }), 1000)
  t.ok(staying({ limitBytes: bytes * 10, capacityEntries: 1e6 }, 100) < 5)
})

t.test('a flood of names fills a cache and no more', async t => {
  const upstream = new CachedUpstream('{\n denial 2000\n success 2000\n}')
  upstream.reply = { rcode: 'NXDOMAIN', authority: [soa] }
  for (let i = 0; i < 3000; i++) await upstream.ask(`${i}.example.`)
  const entries = upstream.chain.count('coredns_cache_entries', { type: 'denial' })
  t.ok(entries <= 2000 && entries > 1900, `${entries}`)
  t.equal(upstream.chain.count('coredns_cache_evictions_total', { type: 'denial' }), 3000 - entries)
  t.match(await upstream.ask('2999.example.'), /^NXDOMAIN/)
  t.equal(upstream.asked.length, 3000, 'the newest are there')
})
