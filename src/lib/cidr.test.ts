import fc from 'fast-check'
import { BlockList } from 'node:net'
import t from 'tap'
import { addressBits, cidrContains, cidrSize, cidrsOverlap, formatCidr, parseCidr } from './cidr.ts'
import { familyOf, formatIp, ipFromBigInt, ipToBigInt, parseIp } from './ip.ts'

t.test('parseCidr() reads a network and formatCidr() writes it canonically', async t => {
  for (const [text, canonical] of [
    ['10.96.0.0/16', '10.96.0.0/16'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.0.0.1/32', '10.0.0.1/32'],
    ['10.0.0.2/31', '10.0.0.2/31'],
    ['FD00:0:0::/108', 'fd00::/108'],
    ['::/0', '::/0'],
    ['::1/128', '::1/128'],
  ] as const) {
    t.equal(formatCidr(parseCidr(text)!), canonical, text)
  }
})

t.test('parseCidr() refuses what is not a network', async t => {
  for (const text of [
    '',
    '10.96.0.0',
    '10.96.0.0/',
    '/16',
    '10.96.0.0/33',
    '10.96.0.0/-1',
    '10.96.0.0/016',
    '10.96.0.0/+16',
    '10.96.0.0/16 ',
    '10.96.0.0/1e1',
    '10.96.0.0/16/16',
    '10.96.0.0/255.255.0.0',
    '10.96.0/16',
    '10.96.0.1/16',
    'fd00::/129',
    'fd00::1/64',
    'fd00::%eth0/64',
  ]) {
    t.equal(parseCidr(text), undefined, JSON.stringify(text))
  }
})

t.test('cidrSize() counts all addresses', async t => {
  t.equal(cidrSize(parseCidr('10.0.0.0/24')!), 256n)
  t.equal(cidrSize(parseCidr('10.0.0.1/32')!), 1n)
  t.equal(cidrSize(parseCidr('fd00::/64')!), 1n << 64n)
  t.equal(addressBits('IPv4'), 32)
  t.equal(addressBits('IPv6'), 128)
})

t.test('cidrContains() knows the edges and the family', async t => {
  for (const [cidr, ip, expected] of [
    ['10.0.0.0/24', '10.0.0.0', true],
    ['10.0.0.0/24', '10.0.0.255', true],
    ['10.0.0.0/24', '10.0.1.0', false],
    ['10.0.0.0/24', '9.255.255.255', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::', false],
    ['::/0', '10.0.0.1', false],
    ['fd00::/64', 'fd00::ffff:ffff:ffff:ffff', true],
    ['fd00::/64', 'fd00:0:0:1::', false],
  ] as const) {
    t.equal(cidrContains(parseCidr(cidr)!, parseIp(ip)!), expected, `${ip} in ${cidr}`)
  }
})

t.test('cidrContains() agrees with node:net', async t => {
  const bytes = fc.constantFrom(4, 16).chain(length => {
    const address = fc.uint8Array({ minLength: length, maxLength: length })
    return fc.tuple(address, address, fc.integer({ min: 0, max: length * 8 }), fc.boolean())
  })
  fc.assert(
    fc.property(bytes, ([network, other, prefixLength, isNear]) => {
      const family = familyOf(network)
      const hostBits = BigInt(addressBits(family) - prefixLength)
      const base = (ipToBigInt(network) >> hostBits) << hostBits
      const cidr = { family, base, prefixLength }
      const read = parseCidr(formatCidr(cidr))!
      if (read.base !== base || read.prefixLength !== prefixLength) return false
      const host = ipToBigInt(other) & ((1n << hostBits) - 1n)
      const address = isNear ? ipFromBigInt(base | host, family) : other
      // node:net answers for mapped addresses across families; we never do.
      if (formatCidr(cidr).includes('ffff:') || formatIp(address).startsWith('::ffff:')) return true
      const type = family === 'IPv4' ? 'ipv4' : 'ipv6'
      const list = new BlockList()
      list.addSubnet(formatIp(ipFromBigInt(base, family)), prefixLength, type)
      // BlockList cannot hold a prefix of 0.
      const expected = prefixLength === 0 || list.check(formatIp(address), type)
      return cidrContains(cidr, address) === expected
    }),
    { numRuns: 500 },
  )
  t.pass()
})

t.test('cidrsOverlap() is true when an address can be in both', async t => {
  const cases: readonly [one: string, other: string, overlap: boolean][] = [
    ['10.96.0.0/16', '10.96.0.0/16', true],
    ['10.96.0.0/12', '10.100.0.0/24', true],
    ['10.100.0.0/24', '10.96.0.0/12', true],
    ['10.96.0.0/16', '10.97.0.0/16', false],
    ['fd00::/64', 'fd00:0:0:1::/64', false],
    ['::/0', '0.0.0.0/0', false],
  ]
  for (const [one, other, overlap] of cases) {
    t.equal(cidrsOverlap(parseCidr(one)!, parseCidr(other)!), overlap, `${one} ${other}`)
  }
})
