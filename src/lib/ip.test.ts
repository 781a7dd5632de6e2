import fc from 'fast-check'
import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import t from 'tap'
import {
  canonicalIp,
  familyOf,
  familyOfText,
  formatIp,
  ipFromBigInt,
  ipToBigInt,
  isIpv4Mapped,
  parseIp,
} from './ip.ts'

/** What Go's netip.ParseAddr accepts, with the text that its String() gives; RFC 5952 §4, §5. */
const canonical = [
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['10.96.0.10', '10.96.0.10'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['2001:0DB8::000a', '2001:db8::a'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['::1.2.3.4', '::102:304'],
  ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
  ['::ffff:102:304', '::ffff:1.2.3.4'],
  ['ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
] as const

const refused = [
  '',
  'web',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.',
  '.1.2.3',
  '1..2.3',
  '01.2.3.4',
  '1.2.3.00',
  '1.2.3.256',
  '1.2.3.1000',
  '1.2.3.4 ',
  '+1.2.3.4',
  '1.2.3.4/24',
  '0x1.2.3.4',
  '１.2.3.4',
  ':',
  ':::',
  '1:2',
  ':1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '1::2::3',
  '1:::2',
  '12345::',
  'g::',
  '::-1',
  '::1%eth0',
  '[::1]',
  '::1/64',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '::1.2.3',
  '::01.2.3.4',
  '1:2:3:4:5:6:7:1.2.3.4',
  '1.2.3.4:1::',
  '::ffff:1.2.3.4.5',
  '0000:0000:0000:0000:0000:0000:0000:0000:0000:0000',
]

const v4Bytes = fc.uint8Array({ minLength: 4, maxLength: 4 })
const v6Bytes = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  // Mostly zeros, where the shortest form is decided.
  fc
    .array(fc.constantFrom(0, 0, 0, 1, 0xffff), { minLength: 8, maxLength: 8 })
    .map(groups => Uint8Array.from(groups.flatMap(group => [group >> 8, group & 0xff]))),
)

function isEqual(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0
}

t.test('canonicalIp() writes an address as Go does', async t => {
  for (const [text, expected] of canonical) t.equal(canonicalIp(text), expected, text)
})

t.test('parseIp() refuses what Go refuses', async t => {
  for (const text of refused) {
    t.equal(parseIp(text), undefined, JSON.stringify(text))
    t.equal(canonicalIp(text), undefined)
    t.equal(familyOfText(text), undefined)
  }
})

t.test('parseIp() accepts what node:net accepts, zones apart', async t => {
  const piece = fc.constantFrom(
    '0',
    '1',
    'ab',
    'FFFF',
    '255',
    '256',
    '00',
    '1.2.3.4',
    ':',
    '::',
    '.',
  )
  const text = fc.array(piece, { maxLength: 16 }).map(pieces => pieces.join(''))
  const withColons = fc.array(piece, { maxLength: 9 }).map(pieces => pieces.join(':'))
  const withDots = fc.array(fc.constantFrom('0', '9', '10', '255', '256', '01', ''), {
    maxLength: 5,
  })
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        withColons,
        withDots.map(p => p.join('.')),
        fc.ipV6(),
        fc.ipV4(),
      ),
      ip => {
        const family = familyOfText(ip)
        return isIPv4(ip) === (family === 'IPv4') && isIPv6(ip) === (family === 'IPv6')
      },
    ),
    { numRuns: 3000 },
  )
  t.pass()
})

t.test('formatIp() and parseIp() are inverse', async t => {
  fc.assert(
    fc.property(fc.oneof(v4Bytes, v6Bytes), bytes => isEqual(parseIp(formatIp(bytes)), bytes)),
  )
  t.pass()
})

t.test('formatIp() writes IPv6 as node:net does', async t => {
  fc.assert(
    fc.property(v6Bytes, bytes => {
      const text = formatIp(bytes)
      // libuv writes the dotted tail of ::/96 too; netip, and so the API server, does not.
      if (bytes.subarray(0, 12).every(byte => byte === 0)) return true
      return new SocketAddress({ address: text, family: 'ipv6' }).address === text
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

t.test('familyOf() tells the families apart by length', async t => {
  t.equal(familyOf(parseIp('10.0.0.1')!), 'IPv4')
  t.equal(familyOf(parseIp('::ffff:10.0.0.1')!), 'IPv6')
})

t.test('isIpv4Mapped() is true for ::ffff:0:0/96 only', async t => {
  for (const [ip, expected] of [
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', true],
    ['::fffe:10.0.0.1', false],
    ['::1:ffff:a00:1', false],
    ['1::ffff:10.0.0.1', false],
  ] as const) {
    t.equal(isIpv4Mapped(parseIp(ip)!), expected, ip)
  }
})

t.test('ipToBigInt() and ipFromBigInt() are inverse', async t => {
  t.equal(ipToBigInt(parseIp('10.96.0.1')!), 0x0a600001n)
  t.equal(ipToBigInt(parseIp('fd00::1')!), (0xfd00n << 112n) + 1n)
  fc.assert(
    fc.property(fc.oneof(v4Bytes, v6Bytes), bytes =>
      isEqual(ipFromBigInt(ipToBigInt(bytes), familyOf(bytes)), bytes),
    ),
  )
})
