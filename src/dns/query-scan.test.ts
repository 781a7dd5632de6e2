import fc from 'fast-check'
import packet from 'dns-packet'
import t from 'tap'
import { hashName } from './name-hash.ts'
import { QueryScan, scanQuery, type ScanVerdict } from './query-scan.ts'
import { parseName, renderName } from './wire-name.ts'

const question = '0377777707 6578616d706c65 00 0001 0001'
const opt = '00 0029 1000 00000000 0000'

/** Header with RD and the four counts, then `body`; blanks are for the reader. */
function message(counts: string, body = question, flags = '0100'): Buffer {
  return Buffer.from(`1234 ${flags} ${counts} ${body}`.replaceAll(' ', ''), 'hex')
}

const longName = (lastLabel: number): string =>
  '3f' +
  '61'.repeat(63) +
  '3f' +
  '61'.repeat(63) +
  '3f' +
  '61'.repeat(63) +
  lastLabel.toString(16).padStart(2, '0') +
  '61'.repeat(lastLabel) +
  '00 0001 0001'

const cases: readonly [what: string, bytes: Buffer, verdict: ScanVerdict][] = [
  ['a plain query', message('0001 0000 0000 0000'), 'query'],
  ['an empty datagram', Buffer.alloc(0), 'drop'],
  ['11 bytes', message('0001 0000 0000 0000').subarray(0, 11), 'drop'],
  ['a reply', message('0001 0000 0000 0000', question, '8100'), 'drop'],
  ['a header alone, no question', message('0000 0000 0000 0000', ''), 'formErr'],
  ['two questions (RFC 9619)', message('0002 0000 0000 0000', question + question), 'formErr'],
  ['a promised question that is not there', message('0001 0000 0000 0000', ''), 'formErr'],
  ['a name that ends with the message', message('0001 0000 0000 0000', '03777777'), 'formErr'],
  ['65535 additional records', message('0001 0000 0000 ffff', question + opt), 'formErr'],
  ['a question without class', message('0001 0000 0000 0000', '0377777700 0001'), 'formErr'],
  ['a question without type', message('0001 0000 0000 0000', '0377777700'), 'formErr'],
  ['a pointer as name', message('0001 0000 0000 0000', 'c00c 0001 0001'), 'formErr'],
  [
    'a pointer into the header',
    message('0001 0000 0000 0000', '03777777 c000 0001 0001'),
    'formErr',
  ],
  ['a label of type 0x40', message('0001 0000 0000 0000', '41 6100 0001 0001'), 'formErr'],
  ['a label of type 0x80', message('0001 0000 0000 0000', '81 6100 0001 0001'), 'formErr'],
  ['a name of 255 bytes', message('0001 0000 0000 0000', longName(61)), 'query'],
  ['a name of 256 bytes', message('0001 0000 0000 0000', longName(62)), 'formErr'],
  ['a name that runs out of the message', message('0001 0000 0000 0000', '3f 6162'), 'formErr'],
  ['an answer in a query', message('0001 0001 0000 0000'), 'formErr'],
  ['an authority record in a query', message('0001 0000 0001 0000'), 'formErr'],
  [
    'an A record in additional',
    message('0001 0000 0000 0001', `${question} 00 0001 0001 00000000 0004 01020304`),
    'formErr',
  ],
  ['a promised OPT that is not there', message('0001 0000 0000 0001'), 'formErr'],
  ['all counts 65535', message('ffff ffff ffff ffff', ''), 'formErr'],
  ['an OPT', message('0001 0000 0000 0001', question + opt), 'query'],
  ['two OPTs', message('0001 0000 0000 0002', question + opt + opt), 'formErr'],
  [
    'an OPT that is not owned by the root',
    message('0001 0000 0000 0001', `${question} 0161${opt}`),
    'formErr',
  ],
  [
    'an OPT longer than the message',
    message('0001 0000 0000 0001', `${question} 00 0029 1000 00000000 0008`),
    'formErr',
  ],
  [
    'an option longer than its OPT',
    message('0001 0000 0000 0001', `${question} 00 0029 1000 00000000 0005 000a 0008 00`),
    'formErr',
  ],
  [
    'an option of three bytes',
    message('0001 0000 0000 0001', `${question} 00 0029 1000 00000000 0003 000a 00`),
    'formErr',
  ],
  [
    'a cookie of 41 bytes',
    message(
      '0001 0000 0000 0001',
      `${question} 00 0029 1000 00000000 002d 000a 0029 ${'00'.repeat(41)}`,
    ),
    'query',
  ],
  [
    '300 empty options',
    message(
      '0001 0000 0000 0001',
      `${question} 00 0029 1000 00000000 04b0 ${'000a0000'.repeat(300)}`,
    ),
    'query',
  ],
  [
    'EDNS version 1',
    message('0001 0000 0000 0001', `${question} 00 0029 1000 00010000 0000`),
    'badVers',
  ],
  ['bytes behind the end', message('0001 0000 0000 0000', `${question} ffff`), 'query'],
  ['TC, AA, RA, Z and an rcode set', message('0001 0000 0000 0000', question, '07ff'), 'query'],
  ['IQUERY', message('0001 0000 0000 0000', question, '0900'), 'notImp'],
  ['NOTIFY', message('0001 0000 0000 0000', question, '2000'), 'notImp'],
  ['UPDATE', message('0001 0000 0000 0000', question, '2800'), 'notImp'],
  ['opcode 15 with junk', message('ffff ffff ffff ffff', 'ff', '7900'), 'notImp'],
  ['type 1000', message('0001 0000 0000 0000', '00 03e8 0001'), 'query'],
  ['type 0', message('0001 0000 0000 0000', '00 0000 0001'), 'query'],
  ['type OPT as a question', message('0001 0000 0000 0000', '00 0029 0001'), 'formErr'],
  ['type TSIG as a question', message('0001 0000 0000 0000', '00 00fa 0001'), 'formErr'],
  ['AXFR', message('0001 0000 0000 0000', '00 00fc 0001'), 'query'],
  ['IXFR with the SOA it has', message('0001 0000 0001 0000', '00 00fb 0001'), 'query'],
  ['class CH', message('0001 0000 0000 0000', '00 0010 0003'), 'query'],
  ['class ANY', message('0001 0000 0000 0000', '00 0001 00ff'), 'query'],
  [
    'TSIG with a key nobody knows',
    message('0001 0000 0000 0001', `${question} 036b657900 00fa 00ff 00000000 0000`),
    'notAuth',
  ],
]

t.test('scanQuery() tells queries from what is none', async t => {
  const scan = new QueryScan()
  for (const [what, bytes, verdict] of cases) {
    t.equal(scanQuery(bytes, bytes.length, scan), verdict, what)
  }
})

t.test('scanQuery() reads name, type and EDNS', async t => {
  const scan = new QueryScan()
  const bytes = packet.encode({
    type: 'query',
    id: 7,
    questions: [{ type: 'SRV', name: '_HTTP._tcp.Web.example' }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 1400,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0x8000,
        flag_do: true,
        options: [],
      },
    ],
  })
  t.equal(scanQuery(bytes, bytes.length, scan), 'query')
  const folded = scan.name.subarray(0, scan.nameBytes)
  t.equal(renderName(folded), '_http._tcp.web.example.')
  t.same(folded, parseName('_http._tcp.web.example'))
  t.equal(scan.nameHash, hashName(folded))
  t.match(scan, { type: 33, payloadBytes: 1400, dnssecOk: true, hasOpt: true })
})

t.test('a small EDNS size counts as 512, and none as 512 too', async t => {
  const scan = new QueryScan()
  const small = message('0001 0000 0000 0001', `${question} 00 0029 00ff 00000000 0000`)
  scanQuery(small, small.length, scan)
  t.equal(scan.payloadBytes, 512)
  const none = message('0001 0000 0000 0000')
  scanQuery(none, none.length, scan)
  t.match(scan, { payloadBytes: 512, hasOpt: false })
})

t.test('scanQuery() survives any bytes and reads nothing beyond the length', async t => {
  const scan = new QueryScan()
  const whole = message('0001 0000 0000 0001', question + opt)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(whole.length), (noise, keep) => {
      const bytes = Buffer.concat([whole.subarray(0, keep), noise])
      const verdict = scanQuery(bytes, bytes.length, scan)
      const padded = Buffer.concat([bytes, Buffer.from('00000000000000', 'hex')])
      return (
        scanQuery(padded, bytes.length, scan) === verdict &&
        scan.questionEnd <= Math.max(12, bytes.length)
      )
    }),
    { numRuns: 5000 },
  )
  t.pass('no run threw')
})
