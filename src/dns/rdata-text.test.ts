import t from 'tap'
import { parseRdata, renderRdata } from './rdata-text.ts'
import { parseRrType } from './rr-type.ts'
import { parseName } from './wire-name.ts'
import { readZoneEntries } from './zone-tokens.ts'

const origin = parseName('o')!

function parse(type: string, text: string): ReturnType<typeof parseRdata> {
  const entries = readZoneEntries(text)
  if ('error' in entries) throw new Error(entries.error)
  return parseRdata(parseRrType(type)!, entries[0]?.tokens ?? [], origin)
}

/** Type, text, bytes, and the text that comes back where it is another. */
const cases: readonly [type: string, text: string, hex: string, rendered?: string][] = [
  ['A', '192.0.2.1', 'c0000201'],
  ['AAAA', '2001:DB8::1', '20010db8000000000000000000000001', '2001:db8::1'],
  ['NS', 'a.', '016100'],
  ['CNAME', 'a', '0161016f00', 'a.o.'],
  ['PTR', '@', '016f00', 'o.'],
  ['DNAME', '.', '00'],
  ['MX', '10 a.', '000a016100'],
  ['TXT', 'a "b c" "\\"\\\\\\001" ""', '0161 03622063 03225c01 00', '"a" "b c" "\\"\\\\\\001" ""'],
  ['TXT', '"\\#" "1"', '0123 0131', '"#" "1"'],
  ['SPF', '"v=spf1"', '06763d73706631'],
  ['SRV', '1 2 65535 a.', '00010002ffff016100'],
  [
    'SOA',
    'a. b. 4294967295 1h 2 3 1w',
    '016100 016200 ffffffff 00000e10 00000002 00000003 00093a80',
    'a. b. 4294967295 3600 2 3 604800',
  ],
  [
    'HINFO',
    '"ANY obsoleted" "See RFC 8482"',
    '0d414e59206f62736f6c65746564 0c536565205246432038343832',
  ],
  ['RP', 'a. b.', '016100016200'],
  [
    'CAA',
    '128 issue "ca.test; x=\\"1\\""',
    '80 056973737565 63612e746573743b20783d223122',
    '128 issue "ca.test; x=\\"1\\""',
  ],
  ['CAA', '0 issue ";"', '00 056973737565 3b'],
  [
    'NAPTR',
    '100 10 "u" "sip+E2U" "!^.*$!sip:x@y!" .',
    '0064 000a 0175 077369702b453255 0e215e2e2a24217369703a7840792100',
  ],
  ['TLSA', '3 1 1 aA BB', '030101aabb', '3 1 1 AABB'],
  ['SSHFP', '4 2 AABB', '0402aabb'],
  ['DS', '60485 5 1 2BB183AF', 'ec45 05 01 2bb183af'],
  ['CDS', '0 0 0 00', '0000 00 00 00'],
  ['DNSKEY', '257 3 8 AQ ID', '0101 03 08 010203', '257 3 8 AQID'],
  ['CERT', '1 2 3 AQID', '0001 0002 03 010203'],
  [
    'RRSIG',
    'A 8 2 60 20260930120000 20200101000000 7 o. AQID',
    '0001 08 02 0000003c 6abcf9c0 5e0be100 0007 016f00 010203',
  ],
  [
    'RRSIG',
    'TYPE999 8 2 60 1 0 7 o. AQID',
    '03e7 08 02 0000003c 00000001 00000000 0007 016f00 010203',
    'TYPE999 8 2 60 19700101000001 19700101000000 7 o. AQID',
  ],
  ['URI', '1 2 "https://a"', '0001 0002 68747470733a2f2f61'],
  ['OPENPGPKEY', 'AQ==', '01'],
  ['TYPE1000', '\\# 3 0A 0B0c', '0a0b0c', '\\# 3 0A0B0C'],
  ['TYPE1000', '\\# 0', ''],
  ['A', '\\# 4 C0000201', 'c0000201', '192.0.2.1'],
  ['HTTPS', '\\# 3 000100', '000100'],
  ['NSEC', '\\# 4 00000140', '00000140'],
]

t.test('parseRdata() and renderRdata() are each other turned round', async t => {
  for (const [type, text, hex, rendered = text] of cases) {
    const parsed = parse(type, text)
    t.notMatch(parsed, { error: String }, `${type} ${text}`)
    if ('error' in parsed) continue
    t.equal(Buffer.from(parsed.rdata).toString('hex'), hex.replaceAll(' ', ''), `${type} ${text}`)
    const back = renderRdata(parseRrType(type)!, parsed.rdata)
    t.equal(back, rendered, `${type} ${text}`)
    t.same(parse(type, back), parsed, `${type} ${text}, once more`)
  }
})

const errors: readonly [type: string, text: string, error: string][] = [
  ['A', '', 'A ends where an IPv4 address is expected'],
  ['A', '192.0.2', '"192.0.2" is not an IPv4 address'],
  ['A', '2001:db8::1', '"2001:db8::1" is not an IPv4 address'],
  ['A', '192.0.2.1 x', '"x" is too much for A'],
  ['AAAA', '192.0.2.1', '"192.0.2.1" is not an IPv6 address'],
  ['CNAME', 'a..b', '"a..b" is not a name'],
  ['CNAME', '""', '"" is not a name'],
  ['MX', '65536 a', '"65536" is not a number from 0 to 65535'],
  ['MX', 'a', '"a" is not a number from 0 to 65535'],
  ['MX', '10', 'MX ends where a name is expected'],
  ['SOA', 'a b 1 2 3 4 -5', '"-5" is not a number of seconds'],
  ['SOA', 'a b 4294967296 2 3 4 5', '"4294967296" is not a number from 0 to 4294967295'],
  ['TXT', '', 'TXT ends where a text of at most 255 bytes is expected'],
  ['TXT', 'a\\300', '"a\\300" is not a text of at most 255 bytes'],
  ['CAA', '256 issue "a"', '"256" is not a number from 0 to 255'],
  ['CAA', '0 is-sue "a"', '"is-sue" is not a property of letters and digits'],
  ['DS', '1 2 3 abc', '"abc" is not hexadecimal digits, two for each byte'],
  ['DNSKEY', '1 2 3 a_c=', '"a_c=" is not base64'],
  ['DNSKEY', '1 2 3', 'DNSKEY ends where base64 is expected'],
  [
    'RRSIG',
    'A 8 2 60 20260231120000 1 7 o. AQID',
    '"20260231120000" is not a time as YYYYMMDDHHMMSS',
  ],
  ['RRSIG', 'X 8 2 60 1 1 7 o. AQID', '"X" is not a record type'],
  ['HTTPS', '1 . alpn=h2', 'data of type HTTPS is written \\# LENGTH HEX'],
  ['TYPE1000', 'abc', 'data of type TYPE1000 is written \\# LENGTH HEX'],
  ['TYPE1000', '\\#', 'expected \\# LENGTH HEX'],
  ['TYPE1000', '\\# x', 'expected \\# LENGTH HEX'],
  ['TYPE1000', '\\# 1 0g', 'expected \\# LENGTH HEX'],
  ['TYPE1000', '\\# 2 00', '\\# 2 has 1 bytes'],
  ['A', '\\# 3 000000', 'no data of type A'],
  // A name that is compressed, which nothing outside a message can be.
  ['RP', `\\# 17 0b${'61'.repeat(11)}016200c00c`, 'no data of type RP'],
]

t.test('parseRdata() says what is wrong', async t => {
  for (const [type, text, error] of errors) t.same(parse(type, text), { error }, `${type} ${text}`)
  t.match(parse('TXT', 'a'.repeat(256)), { error: /is not a text of at most 255 bytes/ })
  t.match(parse('TXT', 'a '.repeat(32_768)), { error: 'more data than 65535 bytes' })
})

t.test('renderRdata() shows data that is not of its type as bytes', async t => {
  t.equal(renderRdata(1, Buffer.from('c00002', 'hex')), '\\# 3 C00002')
  t.equal(renderRdata(2, Buffer.from('c00c', 'hex')), '\\# 2 C00C')
  t.equal(renderRdata(16, new Uint8Array()), '\\# 0')
})
