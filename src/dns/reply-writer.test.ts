import packet, { type DecodedPacket } from 'dns-packet'
import t from 'tap'
import { encodeQuery } from '../../test/support/query-cases.ts'
import { QueryScan, scanQuery } from './query-scan.ts'
import { Rcode } from './rcode.ts'
import { noRecords, type ReplyFrame, writeError, writeReply } from './reply-writer.ts'
import type { ResourceRecord } from './resource-record.ts'
import { RrType } from './rr-type.ts'
import { parseName } from './wire-name.ts'

const web = 'web.default.svc.cluster.local'
const frame: ReplyFrame = {
  rcode: Rcode.noError,
  authoritative: true,
  recursionAvailable: false,
  limitBytes: 512,
}

function address(name: string, last = 1): ResourceRecord {
  return {
    name: parseName(name)!,
    type: RrType.a,
    ttlSeconds: 5,
    rdata: Uint8Array.of(10, 0, 0, last),
  }
}

function addresses(count: number): ResourceRecord[] {
  return Array.from({ length: count }, (_, last) => address(web, last))
}

const opt = '0000291000000080000000'

/** A query for the address of `web`; bit DO is set in its OPT. */
function queryOf({ name = web, flags = 0x0100, hasOpt = false } = {}): Buffer {
  const query = encodeQuery(`${name} A`)
  query.writeUInt16BE(flags, 2)
  if (!hasOpt) return query
  query.writeUInt16BE(1, 10)
  return Buffer.concat([query, Buffer.from(opt, 'hex')])
}

function scanned(query: Buffer): QueryScan {
  const scan = new QueryScan()
  scanQuery(query, query.length, scan)
  return scan
}

function replyTo(query: Buffer, records = {}, more: Partial<ReplyFrame> = {}): Buffer {
  const reply = Buffer.alloc(70_000, 0xee)
  const length = writeReply(
    { bytes: query, scan: scanned(query) },
    { ...noRecords, ...records },
    { reply, frame: { ...frame, ...more } },
  )
  return reply.subarray(0, length)
}

/** `an 2 ns 0 ar 1`, with `tc` where records were left out. */
function summary(reply: Buffer): string {
  const { answers = [], authorities = [], additionals = [], flag_tc } = decoded(reply)
  const counts = `an ${answers.length} ns ${authorities.length} ar ${additionals.length}`
  return flag_tc ? `${counts} tc` : counts
}

function decoded(reply: Buffer): DecodedPacket {
  const message = packet.decode(reply)
  t.equal(packet.decode.bytes, reply.length, 'no byte is left over')
  return message
}

t.test('writeReply() repeats the question and takes RD and CD along', async t => {
  const cases: readonly [asked: number, frame: Partial<ReplyFrame>, flags: number][] = [
    [0x0000, {}, 0x8400],
    [0x0100, {}, 0x8500],
    [0x0010, {}, 0x8410],
    // AA, TC, RA, Z, AD and an rcode in a query mean nothing.
    [0x06ef, {}, 0x8400],
    [0x0100, { authoritative: false }, 0x8100],
    [0x0100, { recursionAvailable: true }, 0x8580],
    [0x0000, { rcode: Rcode.nxDomain }, 0x8403],
  ]
  for (const [flags, more, wanted] of cases) {
    const query = queryOf({ name: 'WEB.default.svc.cluster.local', flags })
    const reply = replyTo(query, {}, more)
    t.equal(reply.readUInt16BE(2), wanted, `${flags.toString(16)} ${JSON.stringify(more)}`)
    t.same(reply.subarray(0, 2), query.subarray(0, 2), 'ID')
    t.same(reply.subarray(12), query.subarray(12), 'question, letter by letter')
  }
})

t.test('writeReply() compresses owners against the question', async t => {
  // The question begins at 12 = 0x0c: web, default, svc, cluster, local and the root follow each other.
  const cases: readonly [owner: string, written: string][] = [
    [web, 'c00c'],
    ['default.svc.cluster.local', 'c010'],
    ['local', 'c024'],
    ['a.web.default.svc.cluster.local', '0161c00c'],
    ['db.default.svc.cluster.local', '026462c010'],
    ['x.local', '0178c024'],
    ['webs.default.svc.cluster.locax', ''],
    ['example.org', ''],
    ['.', '00'],
  ]
  const query = queryOf()
  for (const [owner, written] of cases) {
    const reply = replyTo(query, { answers: [address(owner)] })
    const plain = Buffer.from(parseName(owner)!).toString('hex')
    t.equal(reply.subarray(query.length, -14).toString('hex'), written || plain, owner)
    t.match(decoded(reply).answers, [{ type: 'A', name: owner, ttl: 5, data: '10.0.0.1' }])
  }
})

t.test('writeReply() leaves out whole records from the end, and says so', async t => {
  // 47 bytes of header and question, 16 for each record: 29 fit into 512.
  const cases: readonly [what: string, records: object, hasOpt: boolean, wanted: string][] = [
    ['all fit', { answers: addresses(29) }, false, 'an 29 ns 0 ar 0'],
    ['one answer too many', { answers: addresses(30) }, false, 'an 29 ns 0 ar 0 tc'],
    ['the OPT has its place', { answers: addresses(29) }, true, 'an 28 ns 0 ar 1 tc'],
    [
      'authority too',
      { answers: addresses(28), authority: addresses(2), additional: addresses(1) },
      false,
      'an 28 ns 1 ar 0 tc',
    ],
    [
      'additional records may be left out, RFC 2181 §9',
      { answers: addresses(28), additional: addresses(2) },
      false,
      'an 28 ns 0 ar 1',
    ],
    [
      'nothing small slips in behind a cut',
      { answers: [...addresses(28), address('a-name.that.is.too.long')], authority: addresses(1) },
      false,
      'an 28 ns 0 ar 0 tc',
    ],
  ]
  for (const [what, records, hasOpt, wanted] of cases) {
    const reply = replyTo(queryOf({ hasOpt }), records)
    t.equal(summary(reply), wanted, what)
    t.ok(reply.length <= 512, what)
  }
  t.equal(
    summary(replyTo(queryOf(), { answers: addresses(30) }, { limitBytes: 527 })),
    'an 30 ns 0 ar 0',
  )
})

t.test('writeReply() answers an OPT with an OPT that has the rest of the rcode', async t => {
  const reply = replyTo(
    queryOf({ hasOpt: true }),
    { additional: [address('ns.local')] },
    { rcode: 16 },
  )
  t.match(decoded(reply), {
    rcode: 'NOERROR',
    additionals: [{ name: 'ns.local' }, { type: 'OPT', extendedRcode: 1, flag_do: true }],
  })
})

t.test('writeError() repeats the question where it could be read', async t => {
  const query = queryOf({ hasOpt: true })
  const reply = Buffer.alloc(512, 0xee)
  const length = writeError(query, reply, { rcode: Rcode.refused, scan: scanned(query) })
  t.match(decoded(reply.subarray(0, length)), {
    id: 0x1234,
    rcode: 'REFUSED',
    flag_aa: false,
    questions: [{ name: web }],
    additionals: [{ type: 'OPT' }],
  })
})

t.test('writeError() is a header alone where it could not', async t => {
  const cases: readonly [query: string, rcode: number, reply: string][] = [
    ['1234 0100 ffff ffff ffff ffff', Rcode.formErr, '1234 8101 0000 0000 0000 0000'],
    ['1234 0110 0001 0000 0000 0000', Rcode.formErr, '1234 8111 0000 0000 0000 0000'],
    // The opcode comes back, RFC 1035 §4.1.1; AA, TC, RA and the rest do not.
    ['1234 2fef 0001 0000 0000 0000', Rcode.notImp, '1234 a904 0000 0000 0000 0000'],
  ]
  for (const [query, rcode, wanted] of cases) {
    const reply = Buffer.alloc(20, 0xee)
    const length = writeError(Buffer.from(query.replaceAll(' ', ''), 'hex'), reply, { rcode })
    t.equal(reply.toString('hex', 0, length), wanted.replaceAll(' ', ''), query)
    t.equal(reply[length], 0xee, 'and not a byte more')
  }
})
