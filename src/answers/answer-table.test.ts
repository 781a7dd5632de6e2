import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import t from 'tap'
import { plainAddresses, plainAnswer, plainZone } from '../../test/support/plain-answers.ts'
import { hashName } from '../dns/name-hash.ts'
import { RrType } from '../dns/rr-type.ts'
import { parseName, renderName, type WireName } from '../dns/wire-name.ts'
import { AnswerReader, type ScannedName } from './answer-reader.ts'
import { AnswerWriter } from './answer-writer.ts'
import { otherTypes } from './compiled-answer.ts'
import { firstBlock } from './layout.ts'

function scanned(name: WireName | string): ScannedName {
  const wire = typeof name === 'string' ? parseName(name)! : name
  return { name: wire, nameBytes: wire.length, nameHash: hashName(wire) }
}

function openTable(): { writer: AnswerWriter; reader: AnswerReader } {
  const writer = new AnswerWriter()
  writer.setZones([plainZone('cluster.local'), plainZone('10.in-addr.arpa')])
  return { writer, reader: new AnswerReader(writer.buffer, 0) }
}

function copied(reader: AnswerReader, turn = 0): Buffer {
  const target = Buffer.alloc(70_000)
  return target.subarray(0, reader.copyAnswer(target, 0, turn))
}

t.test('AnswerReader.lookup() tells what is known of a name', async t => {
  const { writer, reader } = openTable()
  writer.put(parseName('_http._tcp.web.default.svc.cluster.local')!, [plainAddresses(1)])
  writer.put(parseName('alias.svc.cluster.local')!, [
    plainAddresses(2),
    plainAnswer(otherTypes, Buffer.from('abc'), 1),
  ])
  const cases: readonly [name: string, type: number, found: string][] = [
    ['_http._tcp.web.default.svc.cluster.local', RrType.a, 'found'],
    ['_http._tcp.web.default.svc.cluster.local', RrType.aaaa, 'empty'],
    ['_http._tcp.web.default.svc.cluster.local', RrType.any, 'found'],
    ['_tcp.web.default.svc.cluster.local', RrType.a, 'empty'],
    ['web.default.svc.cluster.local', RrType.a, 'empty'],
    ['cluster.local', RrType.a, 'empty'],
    ['cluster.local', RrType.soa, 'found'],
    ['svc.cluster.local', RrType.soa, 'empty'],
    ['other.default.svc.cluster.local', RrType.a, 'missing'],
    ['x_tcp.web.default.svc.cluster.local', RrType.a, 'missing'],
    ['alias.svc.cluster.local', RrType.a, 'found'],
    ['alias.svc.cluster.local', RrType.mx, 'found'],
    ['local', RrType.a, 'outside'],
    ['xcluster.local', RrType.a, 'outside'],
    ['1.10.in-addr.arpa', RrType.ptr, 'missing'],
    ['11.in-addr.arpa', RrType.ptr, 'outside'],
  ]
  for (const [name, type, found] of cases)
    t.equal(reader.lookup(scanned(name), type), found, `${name} ${type}`)
})

t.test('AnswerWriter.delete() takes empty ancestors along, and only those', async t => {
  const { writer, reader } = openTable()
  const [a, b] = ['a.x.svc.cluster.local', 'b.x.svc.cluster.local'].map(name => parseName(name)!)
  writer.put(a!, [plainAddresses(1)])
  writer.put(b!, [plainAddresses(2)])
  writer.put(parseName('x.svc.cluster.local')!, [])
  const size = writer.size
  writer.delete(a!)
  t.equal(reader.lookup(scanned(a!), RrType.a), 'missing')
  t.equal(reader.lookup(scanned(b!), RrType.a), 'found')
  writer.delete(b!)
  t.equal(reader.lookup(scanned('x.svc.cluster.local'), RrType.a), 'empty', 'put, so it stays')
  writer.delete(parseName('x.svc.cluster.local')!)
  t.equal(reader.lookup(scanned('svc.cluster.local'), RrType.a), 'missing')
  t.equal(writer.size, size - 5)
  writer.delete(parseName('never.cluster.local')!)
  t.equal(writer.size, size - 5, 'deleting what is not there changes nothing')
})

t.test('a deleted name that has children stays as an empty name', async t => {
  const { writer, reader } = openTable()
  writer.put(parseName('web.svc.cluster.local')!, [plainAddresses(1)])
  writer.put(parseName('ep.web.svc.cluster.local')!, [plainAddresses(2)])
  writer.delete(parseName('web.svc.cluster.local')!)
  t.equal(reader.lookup(scanned('web.svc.cluster.local'), RrType.a), 'empty')
  writer.delete(parseName('ep.web.svc.cluster.local')!)
  t.equal(reader.lookup(scanned('web.svc.cluster.local'), RrType.a), 'missing')
})

t.test('AnswerReader.copyAnswer() begins with another address at every turn', async t => {
  const { writer, reader } = openTable()
  writer.put(parseName('web.cluster.local')!, [plainAddresses(0, 3)])
  for (let turn = 0; turn < 6; turn++) {
    reader.lookup(scanned('web.cluster.local'), RrType.a)
    const answer = copied(reader, turn)
    const last = [15, 31, 47].map(offset => answer[offset])
    t.same(
      last,
      [0, 1, 2].map(i => (turn + i) % 3),
      `turn ${turn}`,
    )
  }
})

t.test('the SOA of a zone is the answer to the SOA question of its apex', async t => {
  const { reader } = openTable()
  reader.lookup(scanned('cluster.local'), RrType.soa)
  t.equal(reader.answerCount, 1)
  t.same(copied(reader), plainZone('cluster.local').soa)
})

t.test('AnswerReader.copySoa() points at the zone within the question', async t => {
  const { writer, reader } = openTable()
  writer.put(parseName('web.cluster.local')!, [])
  t.equal(reader.lookup(scanned('web.cluster.local'), RrType.a), 'empty')
  const soa = Buffer.alloc(100)
  const end = reader.copySoa(soa, 0)
  t.equal(end, reader.soaBytes)
  for (const offset of [0, 19, 32]) t.equal(soa.readUInt16BE(offset), 0xc000 + 12 + 4)
  const record = reader.zoneSoa(scanned('web.cluster.local'))!
  t.equal(renderName(record.name), 'cluster.local.')
  t.match(record, { type: RrType.soa, ttlSeconds: 5 })
  t.equal(renderName(record.rdata), 'ns.dns.cluster.local.')
  t.equal(renderName(record.rdata, 22), 'hostmaster.cluster.local.')
  t.equal(reader.zoneSoa(scanned('example.org')), undefined)
})

t.test('putting what is there already writes nothing', async t => {
  const { writer } = openTable()
  const name = parseName('web.cluster.local')!
  writer.put(name, [plainAddresses(1)])
  const used = writer.touchedBytes
  for (let i = 0; i < 1000; i++) writer.put(name, [plainAddresses(1)])
  t.equal(writer.touchedBytes, used)
})

t.test('a reader number beyond the table is refused', async t => {
  const { writer } = openTable()
  t.throws(() => new AnswerReader(writer.buffer, 64), RangeError)
})

t.test('a table that is full says so and keeps what it has', async t => {
  const writer = new AnswerWriter({ maxBytes: 1 << 16 })
  writer.setZones([plainZone('cluster.local')])
  const name = (i: number): WireName => parseName(`web-${i}.cluster.local`)!
  let stored = 0
  t.throws(() => {
    for (; stored < 10_000; stored++) writer.put(name(stored), [plainAddresses(stored)])
  }, /Cannot grow the answer table/)
  const reader = new AnswerReader(writer.buffer, 0)
  for (let i = 0; i < stored; i++) t.equal(reader.lookup(scanned(name(i)), RrType.a), 'found')
})

t.test('the table equals a map after any sequence of changes', async () => {
  const label = fc.constantFrom('a', 'b', 'c', '_tcp', 'web')
  const name = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .map(labels => `${labels.join('.')}.cluster.local`)
  const step = fc.record({ name, addresses: fc.option(fc.nat(40)) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), steps => {
      const { writer, reader } = openTable()
      const model = new Map<string, number>()
      for (const { name, addresses } of steps) {
        if (addresses === null) {
          writer.delete(parseName(name)!)
          model.delete(name)
        } else {
          writer.put(
            parseName(name)!,
            addresses === 0 ? [] : [plainAddresses(addresses, addresses)],
          )
          model.set(name, addresses)
        }
        writer.endBatch()
      }
      const existing = new Set<string>()
      for (const text of model.keys()) {
        for (
          let at = parseName(text);
          at && renderName(at) !== 'local.';
          at = at.subarray(at[0]! + 1)
        )
          existing.add(renderName(at))
      }
      if (writer.size !== existing.size) return false
      for (const text of existing) {
        const addresses = model.get(text.slice(0, -1))
        const found = reader.lookup(scanned(text), RrType.a)
        if (found !== (addresses ? 'found' : 'empty')) return false
        if (addresses && !copied(reader).equals(plainAddresses(addresses, addresses).bytes))
          return false
      }
      return true
    }),
    { numRuns: 300 },
  )
})

t.test('memory does not grow when names and sizes keep changing', async t => {
  const { writer } = openTable()
  let random = 42
  const next = (below: number): number =>
    (random = (Math.imul(random, 1103515245) + 12345) >>> 0) % below
  const round = (): void => {
    for (let i = 0; i < 20_000; i++) {
      const name = parseName(`web-${next(2000)}.cluster.local`)!
      if (next(3) === 0) writer.delete(name)
      else writer.put(name, [plainAddresses(i, 1 + next(60))])
      if (i % 10 === 0) writer.endBatch()
    }
  }
  round()
  const after = writer.touchedBytes - firstBlock
  for (let i = 0; i < 5; i++) round()
  t.ok(
    writer.touchedBytes - firstBlock < after * 1.3,
    `${after} → ${writer.touchedBytes - firstBlock} bytes`,
  )
})

t.test('replacing everything in one batch does not need room for all of it twice', async t => {
  const { writer } = openTable()
  const putAll = (first: number): void => {
    for (let i = 0; i < 10_000; i++)
      writer.put(parseName(`web-${i}.cluster.local`)!, [plainAddresses(first + i)])
  }
  putAll(0)
  const before = writer.touchedBytes
  putAll(1)
  t.ok(writer.touchedBytes < before * 1.3, `${before} → ${writer.touchedBytes} bytes`)
})

t.test(
  'readers see whole answers while the writer inserts, replaces, deletes and grows',
  async t => {
    const { writer } = openTable()
    const names = 400
    const name = (i: number): WireName => parseName(`web-${i}.cluster.local`)!
    // Every address of an answer belongs to its name: a torn or reused block would mix them.
    const answer = (i: number, count: number) => plainAddresses(i << 12, count)
    for (let i = 0; i < names; i++) writer.put(name(i), [answer(i, 1)])
    // Word 0 tells the readers to stop; word n counts what reader n has found.
    const shared = new Int32Array(new SharedArrayBuffer(12))
    const readers = [1, 2].map(
      number =>
        new Worker(new URL('../../test/support/table-reader.ts', import.meta.url), {
          workerData: { buffer: writer.buffer, number, names, shared },
        }),
    )
    const results = readers.map(worker => once(worker, 'message'))
    const enough = 200_000
    const deadline = Date.now() + 60_000
    let round = 0
    while (Math.min(shared[1]!, shared[2]!) < enough && Date.now() < deadline) {
      round++
      for (let i = 0; i < names; i++) {
        if ((i + round) % 5 === 0) writer.delete(name(i))
        else writer.put(name(i), [answer(i, 1 + ((i * 7 + round) % 90))])
        if (i % 50 === 0) writer.endBatch()
      }
      for (let i = 0; i < 300; i++)
        writer.put(parseName(`extra-${round % 30}-${i}.cluster.local`)!, [plainAddresses(i)])
      writer.setZones([plainZone('cluster.local', round)])
      writer.endBatch()
      if (round % 20 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    Atomics.store(shared, 0, 1)
    for (const [message] of await Promise.all(results)) {
      const { reads, found, wrong } = message as { reads: number; found: number; wrong: string[] }
      t.same(wrong, [], `${reads} reads, ${found} found, ${round} rounds`)
      t.ok(found >= enough && round > 20)
    }
  },
)
