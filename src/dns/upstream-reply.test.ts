import fc from 'fast-check'
import t from 'tap'
import { readReply } from './upstream-reply.ts'

const question = '0377777707 6578616d706c65 00 0001 0001'
const a = 'c00c 0001 0001 0000003c 0004 0a600001'
const opt = '00 0029 04d0 00 00 8000 0000'
const rootRecord = (type: string, recordClass = '0001', data = ''): string =>
  `00 ${type} ${recordClass} 00000000 ${(data.length / 2).toString(16).padStart(4, '0')} ${data}`

/** Header with the four counts, then `body`; blanks are for the reader. */
function message(counts: string, body = question, flags = '8180'): Buffer {
  return Buffer.from(`1234 ${flags} ${counts} ${body}`.replaceAll(' ', ''), 'hex')
}

const malformed: readonly [what: string, bytes: Buffer][] = [
  ['an empty message', Buffer.alloc(0)],
  ['11 bytes', message('0000 0000 0000 0000', '').subarray(0, 11)],
  ['two questions', message('0002 0000 0000 0000', question + question)],
  ['a question without class', message('0001 0000 0000 0000', '0377777700 0001')],
  ['a pointer as question', message('0001 0000 0000 0000', 'c00c 0001 0001')],
  ['all counts 65535', message('ffff ffff ffff ffff', '')],
  ['65535 records', message('0001 ffff 0000 0000', question + a)],
  ['one record less than counted', message('0001 0002 0000 0000', question + a)],
  ['a record without its data', message('0001 0001 0000 0000', question + a.slice(0, -2))],
  [
    'a record without its length',
    message('0001 0001 0000 0000', `${question} 0761626364656667 00`),
  ],
  [
    'an A of 3 bytes',
    message('0001 0001 0000 0000', question + rootRecord('0001', '0001', '0a6000')),
  ],
  ['an A of 0 bytes', message('0001 0001 0000 0000', question + rootRecord('0001'))],
  ['an empty TXT', message('0001 0001 0000 0000', question + rootRecord('0010'))],
  ['type 0', message('0001 0001 0000 0000', question + rootRecord('0000'))],
  ['IXFR as record', message('0001 0001 0000 0000', question + rootRecord('00fb'))],
  ['ANY as record', message('0001 0001 0000 0000', question + rootRecord('00ff'))],
  [
    'a CH record to an IN question',
    message('0001 0001 0000 0000', question + rootRecord('0010', '0003', '00')),
  ],
  [
    'an IN record to a CH question',
    message('0001 0001 0000 0000', `00 0010 0003 ${rootRecord('0010', '0001', '00')}`),
  ],
  [
    'a CH record without a question',
    message('0000 0001 0000 0000', rootRecord('0010', '0003', '00')),
  ],
  ['a TSIG', message('0001 0000 0000 0001', question + rootRecord('00fa', '00ff'))],
  ['two OPTs', message('0001 0000 0000 0002', question + opt + opt)],
  ['an OPT among the answers', message('0001 0001 0000 0000', question + opt)],
  ['an OPT in the authority section', message('0001 0000 0001 0000', question + opt)],
  [
    'an OPT that is not owned by the root',
    message('0001 0000 0000 0001', `${question} 0161${opt}`),
  ],
  [
    'an OPT that ends within an option',
    message('0001 0000 0000 0001', `${question} 00 0029 04d0 00000000 0003 000a 00`),
  ],
  [
    'an option longer than its OPT',
    message('0001 0000 0000 0001', `${question} 00 0029 04d0 00000000 0005 000a 0002 00`),
  ],
  [
    'an option longer than the message',
    message('0001 0000 0000 0001', `${question} 00 0029 04d0 00000000 0004 000a ffff`),
  ],
]

t.test('readReply() refuses what is malformed', async t => {
  for (const [what, bytes] of malformed) t.equal(readReply(bytes, bytes.length), undefined, what)
})

t.test('readReply() refuses a length beyond the bytes', async t => {
  t.equal(readReply(message('0001 0000 0000 0000'), 200), undefined)
})

const wellFormed: readonly [what: string, bytes: Buffer, found: object][] = [
  [
    'no question, no records',
    message('0000 0000 0000 0000', ''),
    { question: undefined, opt: undefined },
  ],
  [
    'id and flags',
    message('0001 0000 0000 0000', question, '8180'),
    {
      id: 0x1234,
      qr: true,
      opcode: 0,
      aa: false,
      tc: false,
      rd: true,
      ra: true,
      ad: false,
      cd: false,
      rcode: 0,
    },
  ],
  [
    'the other flags',
    message('0001 0000 0000 0000', question, '2e73'),
    {
      qr: false,
      opcode: 5,
      aa: true,
      tc: true,
      rd: false,
      ra: false,
      ad: true,
      cd: true,
      rcode: 3,
    },
  ],
  [
    'the Z flag is nothing',
    message('0001 0000 0000 0000', question, '8040'),
    { qr: true, ra: false, ad: false, cd: false, rcode: 0 },
  ],
  [
    'a question',
    message('0001 0000 0000 0000', '03575777 00 001c 0001'),
    { question: { type: 28, class: 1 } },
  ],
  [
    'the second message of two',
    message('0001 0001 0000 0000', `${question}${a}ffff`),
    { answers: [{ type: 1, ttlSeconds: 60 }] },
  ],
  [
    'a TTL with its top bit',
    message('0001 0001 0000 0000', `${question} c00c 0001 0001 80000001 0004 0a600001`),
    { answers: [{ ttlSeconds: 0 }] },
  ],
  [
    'the largest TTL',
    message('0001 0001 0000 0000', `${question} c00c 0001 0001 7fffffff 0004 0a600001`),
    { answers: [{ ttlSeconds: 0x7fffffff }] },
  ],
  [
    'sections',
    message('0001 0001 0001 0001', question + a + a + a),
    { answers: { length: 1 }, authority: { length: 1 }, additional: { length: 1 } },
  ],
  [
    'CH',
    message('0001 0001 0000 0000', `00 0010 0003 ${rootRecord('0010', '0003', '0161')}`),
    { question: { class: 3 }, answers: [{ type: 16 }] },
  ],
  [
    'an address of class CH',
    message('0001 0001 0000 0000', `00 0001 0003 ${rootRecord('0001', '0003', '000001')}`),
    { answers: [{ type: 1 }] },
  ],
  [
    'an OPT',
    message('0001 0000 0000 0001', question + opt),
    {
      additional: { length: 0 },
      opt: { payloadBytes: 1232, version: 0, dnssecOk: true, options: { length: 0 } },
    },
  ],
  [
    'an OPT between others',
    message('0001 0000 0000 0003', question + a + opt + a),
    { additional: { length: 2 }, opt: { payloadBytes: 1232 } },
  ],
  [
    'BADVERS',
    message('0001 0000 0000 0001', `${question} 00 0029 04d0 01 01 0000 0000`),
    { rcode: 16, opt: { version: 1, dnssecOk: false } },
  ],
  [
    'options',
    message(
      '0001 0000 0000 0001',
      `${question} 00 0029 04d0 00000000 000a 000f 0002 0016 0003 0000`,
    ),
    {
      opt: {
        options: [
          { code: 15, data: { length: 2, 0: 0, 1: 22 } },
          { code: 3, data: { length: 0 } },
        ],
      },
    },
  ],
]

t.test('readReply() reads what is well-formed', async t => {
  for (const [what, bytes, found] of wellFormed)
    t.match(readReply(bytes, bytes.length), found, what)
})

t.test('what readReply() gives is not the memory of the message', async t => {
  const bytes = message(
    '0001 0002 0000 0001',
    `${question}${a} c00c 0005 0001 0000003c 0002 c00c ${opt}`,
  )
  const reply = readReply(bytes, bytes.length)
  const before = JSON.stringify(reply)
  bytes.fill(0)
  t.equal(JSON.stringify(reply), before)
})

t.test('readReply() survives any bytes and reads nothing beyond the length', async t => {
  const whole = message(
    '0001 0003 0001 0001',
    `${question}${a} c00c 0006 0001 0000003c 0018 c00c c00c ${'00'.repeat(20)} c010 0010 0001 00000000 0003 026161 ${a}${opt}`,
  )
  t.ok(readReply(whole, whole.length))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }),
      fc.nat(whole.length),
      (changes, keep) => {
        const bytes = Buffer.from(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        const padded = Buffer.concat([bytes.subarray(0, keep), Buffer.alloc(40, 0xc0)])
        const exact = bytes.subarray(0, keep)
        t.equal(JSON.stringify(readReply(exact, keep)), JSON.stringify(readReply(padded, keep)))
      },
    ),
    { numRuns: 2000 },
  )
})

t.test('readReply() refuses messages made to be dear', async t => {
  const chain = Array.from({ length: 4000 }, (_, i) => (0xc00c + 2 * i - 1).toString(16)).join('')
  const dear: readonly [what: string, bytes: Buffer][] = [
    [
      'a chain of 4,000 pointers in data, then pointers at its end',
      message(
        '0001 1000 0000 0000',
        `00 0001 0001 ${rootRecord('03e8', '0001', chain)} ${`dfff ${rootRecord('03e8').slice(3)}`.repeat(4000)}`,
      ),
    ],
    [
      '5,000 owners of 127 labels',
      message(
        '0001 1388 0000 0000',
        `${'0161'.repeat(127)} 00 0001 0001 ${Array.from({ length: 5000 }, (_, i) => `c0${i % 2 ? '0c' : '0e'} 03e8 0001 00000000 0000`).join('')}`,
      ),
    ],
  ]
  for (const [what, bytes] of dear) {
    t.equal(readReply(bytes, bytes.length), undefined, what)
  }
  const fat = message('0001 0fa0 0000 0000', question + a.repeat(4000))
  t.equal(readReply(fat, fat.length)?.answers.length, 4000, '4,000 addresses of one name')
})
