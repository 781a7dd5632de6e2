import packet from 'dns-packet'
import t from 'tap'
import { optBytes, optionBytes, writeOpt } from './edns.ts'

t.test('writeOpt() writes what dns-packet reads', async t => {
  const cases = [
    { given: undefined, wanted: { extendedRcode: 0, flag_do: false } },
    { given: { dnssecOk: true }, wanted: { extendedRcode: 0, flag_do: true } },
    { given: { extendedRcode: 1 }, wanted: { extendedRcode: 1, flag_do: false } },
  ]
  for (const { given, wanted } of cases) {
    // Nothing of what was there before may show through.
    const bytes = Buffer.alloc(12 + optBytes, 0xff)
    Buffer.from('000081800000000000000001', 'hex').copy(bytes)
    t.equal(writeOpt(bytes, 12, given), bytes.length)
    t.match(packet.decode(bytes).additionals, [
      { type: 'OPT', name: '.', udpPayloadSize: 1232, ednsVersion: 0, options: [], ...wanted },
    ])
  }
})

t.test('writeOpt() writes options', async t => {
  const options = [
    { code: 3, data: Buffer.from('me') },
    { code: 65_001, data: new Uint8Array(0) },
  ]
  const bytes = Buffer.alloc(12 + optBytes + optionBytes(options), 0xff)
  Buffer.from('000081800000000000000001', 'hex').copy(bytes)
  t.equal(writeOpt(bytes, 12, { options }), bytes.length)
  t.match(packet.decode(bytes).additionals, [
    { type: 'OPT', options: [{ code: 3, data: Buffer.from('me') }, { code: 65_001 }] },
  ])
})
