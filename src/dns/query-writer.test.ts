import fc from 'fast-check'
import packet from 'dns-packet'
import t from 'tap'
import { caseBytes, encodeQuery, randomiseCase, type UpstreamQuery } from './query-writer.ts'
import { QueryScan, scanQuery } from './query-scan.ts'
import { RrType } from './rr-type.ts'
import { isSameName, parseName, renderName } from './wire-name.ts'

const plain: UpstreamQuery = {
  id: 0x1234,
  name: parseName('wWw.a')!,
  type: RrType.aaaa,
  class: 1,
  recursionDesired: true,
  checkingDisabled: false,
}
const question = '03775777 0161 00'
const data = Buffer.from('0102', 'hex')

const cases: readonly [what: string, query: UpstreamQuery, hex: string][] = [
  ['without EDNS', plain, `1234 0100 0001 0000 0000 0000 ${question} 001c 0001`],
  [
    'CD, no RD, another class',
    { ...plain, recursionDesired: false, checkingDisabled: true, class: 3 },
    `1234 0010 0001 0000 0000 0000 ${question} 001c 0003`,
  ],
  ['AD', { ...plain, authenticData: true }, `1234 0120 0001 0000 0000 0000 ${question} 001c 0001`],
  [
    'with EDNS',
    { ...plain, edns: { dnssecOk: false, options: [] } },
    `1234 0100 0001 0000 0000 0001 ${question} 001c 0001 00 0029 04d0 00 00 0000 0000`,
  ],
  [
    'with DO and options',
    {
      ...plain,
      edns: {
        dnssecOk: true,
        options: [
          { code: 8, data },
          { code: 3, data: Buffer.alloc(0) },
        ],
      },
    },
    `1234 0100 0001 0000 0000 0001 ${question} 001c 0001 00 0029 04d0 00 00 8000 000a 0008 0002 0102 0003 0000`,
  ],
]

t.test('encodeQuery() writes header, question and OPT', async t => {
  for (const [what, query, hex] of cases) {
    const bytes = Buffer.from(encodeQuery(query))
    t.equal(bytes.toString('hex'), hex.replaceAll(' ', ''), what)
    t.equal(packet.decode(bytes).questions?.[0]?.name, 'wWw.a', what)
    if (query.class === 1) t.equal(scanQuery(bytes, bytes.length, new QueryScan()), 'query', what)
  }
})

t.test('randomiseCase() gives each letter a case and nothing else', async t => {
  const name = parseName('az-AZ.09^[`{\\201')!
  t.equal(renderName(randomiseCase(name, new Uint8Array(caseBytes))), 'AZ-AZ.09^[`{\\201.')
  t.equal(
    renderName(randomiseCase(name, new Uint8Array(caseBytes).fill(255))),
    'az-az.09^[`{\\201.',
  )
  t.equal(
    renderName(randomiseCase(parseName('aaaaaaaaa')!, new Uint8Array(caseBytes).fill(0x12))),
    'aAAaAAAAa.',
  )
  t.throws(() => randomiseCase(name, new Uint8Array(caseBytes - 1)), RangeError)
  t.ok(
    randomiseCase(parseName('a.'.repeat(127))!, new Uint8Array(caseBytes).fill(255)).every(
      byte => byte !== 0x41,
    ),
    'the longest name has enough bits',
  )
})

t.test('randomiseCase() gives the same name', async t => {
  const label = fc.string({ minLength: 1, maxLength: 60 })
  const bits = fc.uint8Array({ minLength: caseBytes, maxLength: caseBytes })
  fc.assert(
    fc.property(fc.array(label, { maxLength: 4 }), bits, (labels, bits) => {
      const name = parseName(labels.map(label => label.replaceAll(/[\\.]/g, '-')).join('.'))!
      return isSameName(randomiseCase(name, bits), name)
    }),
  )
  t.pass('for any name')
})
