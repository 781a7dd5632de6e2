import fc from 'fast-check'
import packet from 'dns-packet'
import t from 'tap'
import { encodeQuery, type UpstreamQuery } from './query-writer.ts'
import { QueryScan, scanQuery } from './query-scan.ts'
import { Rcode } from './rcode.ts'
import { parseRecord, renderRecord } from './record-text.ts'
import {
  noRecords,
  type ReplyFrame,
  type ReplyRecords,
  writeError,
  writeReply,
} from './reply-writer.ts'
import type { ResourceRecord } from './resource-record.ts'
import { RrType } from './rr-type.ts'
import { readReply, type UpstreamReply } from './upstream-reply.ts'
import { nameFromLabels, parseName, renderName } from './wire-name.ts'

const plain: UpstreamQuery = {
  id: 0x1234,
  name: parseName('wWw.example')!,
  type: RrType.a,
  class: 1,
  recursionDesired: true,
  checkingDisabled: false,
}
const withEdns: UpstreamQuery = { ...plain, edns: { dnssecOk: true, options: [] } }
const usual: ReplyFrame = {
  rcode: Rcode.noError,
  authoritative: false,
  recursionAvailable: true,
  limitBytes: 65_535,
}

function records(...lines: string[]): ResourceRecord[] {
  return lines.map(line => {
    const parsed = parseRecord(line, { origin: parseName('example')!, ttlSeconds: 60 })
    if ('error' in parsed) throw new Error(`${line}: ${parsed.error}`)
    return parsed.record
  })
}

function write(
  query: UpstreamQuery,
  sections: Partial<ReplyRecords>,
  frame: Partial<ReplyFrame> = {},
): Buffer {
  const bytes = encodeQuery(query)
  const scan = new QueryScan()
  scanQuery(bytes, bytes.length, scan)
  const reply = Buffer.alloc(frame.limitBytes ?? 65_535, 0xee)
  const length = writeReply(
    { bytes, scan },
    { ...noRecords, ...sections },
    { reply, frame: { ...usual, ...frame } },
  )
  return reply.subarray(0, length)
}

function read(bytes: Buffer): UpstreamReply {
  return readReply(bytes, bytes.length)!
}

const frames: readonly [
  what: string,
  query: UpstreamQuery,
  frame: Partial<ReplyFrame>,
  found: object,
][] = [
  [
    'nothing',
    { ...plain, recursionDesired: false },
    { recursionAvailable: false },
    {
      id: 0x1234,
      qr: true,
      aa: false,
      rd: false,
      ra: false,
      ad: false,
      cd: false,
      tc: false,
      rcode: 0,
      opt: undefined,
    },
  ],
  ['AA', plain, { authoritative: true }, { aa: true, rd: true, ra: true }],
  ['AD', plain, { authenticData: true }, { ad: true, cd: false }],
  ['TC', plain, { truncated: true }, { tc: true, aa: false, rd: true }],
  [
    'RD though nobody asked',
    { ...plain, recursionDesired: false },
    { recursionDesired: true },
    { rd: true },
  ],
  ['no RD though asked', plain, { recursionDesired: false }, { rd: false }],
  ['CD as asked', { ...plain, checkingDisabled: true }, {}, { ad: false, cd: true }],
  ['NXDOMAIN', plain, { rcode: Rcode.nxDomain }, { rcode: 3 }],
  [
    'an extended rcode',
    withEdns,
    { rcode: 23 },
    { rcode: 23, opt: { version: 0, payloadBytes: 1232 } },
  ],
  ['an extended rcode without EDNS', plain, { rcode: 23 }, { rcode: Rcode.servFail }],
  ['DO', withEdns, {}, { opt: { dnssecOk: true, options: { length: 0 } } }],
  [
    'options',
    withEdns,
    { options: [{ code: 15, data: Buffer.from('0016', 'hex') }] },
    { opt: { options: [{ code: 15, data: { length: 2 } }] } },
  ],
  [
    'options without EDNS',
    plain,
    { options: [{ code: 15, data: Buffer.alloc(2) }] },
    { opt: undefined },
  ],
  [
    'options that do not fit',
    withEdns,
    { options: [{ code: 15, data: Buffer.alloc(500) }], limitBytes: 512 },
    { tc: false, opt: { options: { length: 0 } } },
  ],
  [
    'options that just fit',
    withEdns,
    { options: [{ code: 15, data: Buffer.alloc(500 - 32) }], limitBytes: 512 },
    { opt: { options: { length: 1 } } },
  ],
]

t.test('writeReply() writes header and OPT', async t => {
  for (const [what, query, frame, found] of frames) {
    const bytes = write(query, {}, frame)
    t.match(read(bytes), found, what)
    t.equal(renderName(read(bytes).question!.name), 'wWw.example.', what)
  }
})

t.test('writeReply() compresses names against every name before', async t => {
  const cases: readonly [lines: string[], hex: string][] = [
    [['www A 192.0.2.1'], 'c00c 0001 0001 0000003c 0004 c0000201'],
    [
      ['www CNAME a', 'a CNAME b.A'],
      'c00c 0005 0001 0000003c 0004 0161c010 c029 0005 0001 0000003c 0006 0162 0141 c010',
    ],
    [['x.test. NS y.test.'], '0178 0474657374 00 0002 0001 0000003c 0004 0179 c01f'],
    [['@ MX 10 www'], 'c010 000f 0001 0000003c 0004 000a c00c'],
    [
      ['@ SOA www h.www 1 2 3 4 5'],
      'c010 0006 0001 0000003c 001a c00c 0168c00c 00000001 00000002 00000003 00000004 00000005',
    ],
    [['4 PTR www'], '0134 c010 000c 0001 0000003c 0002 c00c'],
    [
      ['@ SRV 1 2 3 www'],
      `c010 0021 0001 0000003c 0013 000100020003 03777777 07${Buffer.from('example').toString('hex')} 00`,
    ],
    [
      ['@ DNAME www'],
      `c010 0027 0001 0000003c 000d 03777777 07${Buffer.from('example').toString('hex')} 00`,
    ],
  ]
  for (const [lines, hex] of cases) {
    t.equal(
      write(plain, { answers: records(...lines) }).toString('hex', 29),
      hex.replaceAll(' ', ''),
      lines.join(', '),
    )
  }
})

t.test('an answer of 200 addresses has at most 3,300 bytes', async t => {
  const lines = Array.from({ length: 200 }, (_, i) => `www A 192.0.2.${i}`)
  t.ok(write(withEdns, { answers: records(...lines) }).length <= 3300)
  const aliased = [
    'www CNAME a.b.c.d.test.',
    ...lines.map(line => line.replace('www', 'a.b.c.d.test.')),
  ]
  t.ok(write(withEdns, { answers: records(...aliased) }).length <= 3300, 'behind an alias too')
})

t.test('writeReply() leaves whole records out until the reply fits', async t => {
  const answers = records('www A 192.0.2.1', 'www A 192.0.2.2')
  const additional = records('ns A 192.0.2.3')
  const cases: readonly [limitBytes: number, counts: readonly number[], tc: boolean][] = [
    [29 + 32 + 19 + 11, [2, 0, 1], false],
    [29 + 32 + 18 + 11, [2, 0, 0], false],
    [29 + 32 + 11, [2, 0, 0], false],
    [29 + 31 + 11, [1, 0, 0], true],
    [29 + 16 + 9 + 11, [1, 0, 0], true],
    [29 + 16 + 1 + 11, [1, 0, 0], true],
    [29 + 15 + 11, [0, 0, 0], true],
  ]
  for (const [limitBytes, counts, tc] of cases) {
    const bytes = write(withEdns, { answers, additional }, { limitBytes })
    const reply = read(bytes)
    t.same(
      [reply.answers.length, reply.authority.length, reply.additional.length],
      counts,
      `${limitBytes}`,
    )
    t.equal(reply.tc, tc, `${limitBytes}: TC`)
    t.ok(bytes.length <= limitBytes)
  }
  const cut = read(write(plain, { answers }, { limitBytes: 29 + 15 }))
  t.match(cut, { tc: true, answers: { length: 0 } }, 'data that ends behind the buffer')
  const soa = records('@ SOA www h.www 1 2 3 4 5')
  for (let limitBytes = 40; limitBytes < 29 + 12 + 2 + 4 + 20 + 11; limitBytes++) {
    const reply = read(write(withEdns, { authority: soa }, { limitBytes }))
    t.match(reply, { tc: true, authority: { length: 0 } }, `SOA in ${limitBytes}`)
  }
})

t.test('writeReply() writes records of the class that was asked for', async t => {
  const reply = read(write({ ...plain, class: 3 }, { answers: records('www TXT a') }))
  t.match(reply, { question: { class: 3 }, answers: { length: 1 } })
})

t.test('writeError() repeats the question where there is one', async t => {
  const query = encodeQuery(plain)
  const scan = new QueryScan()
  scanQuery(query, query.length, scan)
  const reply = Buffer.alloc(512)
  const length = writeError(query, reply, { rcode: Rcode.refused, scan })
  t.match(read(reply.subarray(0, length)), { rcode: 5, ra: false, question: { type: 1 } })
  t.equal(writeError(query, reply, { rcode: Rcode.formErr }), 12)
  t.equal(reply.toString('hex', 0, 12), '123481010000000000000000')
})

t.test('what writeReply() writes is read again, by dns-packet too', async t => {
  const label = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 2 })
  const name = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .map(labels => nameFromLabels(labels)!)
  const withPreference = name.map(name => Buffer.concat([Buffer.from([0, 10]), name]))
  const soaData = fc.tuple(name, name).map(names => Buffer.concat([...names, Buffer.alloc(20, 1)]))
  const srvData = name.map(name => Buffer.concat([Buffer.from([0, 1, 0, 2, 0, 3]), name]))
  const ttlSeconds = fc.nat(0x7fffffff)
  const record = fc.oneof(
    fc.record({
      name,
      ttlSeconds,
      type: fc.constant<number>(1),
      rdata: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    }),
    fc.record({ name, ttlSeconds, type: fc.constantFrom<number[]>(2, 5, 12, 39), rdata: name }),
    fc.record({ name, ttlSeconds, type: fc.constant<number>(15), rdata: withPreference }),
    fc.record({ name, ttlSeconds, type: fc.constant<number>(6), rdata: soaData }),
    fc.record({ name, ttlSeconds, type: fc.constant<number>(33), rdata: srvData }),
  )
  fc.assert(
    fc.property(
      name,
      fc.array(record, { maxLength: 40 }),
      fc.array(record, { maxLength: 5 }),
      (name, answers, authority) => {
        const bytes = write({ ...withEdns, name }, { answers, authority })
        const reply = read(bytes)
        t.same(reply.answers.map(renderRecord), answers.map(renderRecord))
        t.same(reply.authority.map(renderRecord), authority.map(renderRecord))
        t.same(
          packet.decode(bytes).answers?.map(record => `${record.name}.`),
          answers.map(record => renderName(record.name)),
        )
      },
    ),
    { numRuns: 200 },
  )
})
