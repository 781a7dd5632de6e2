import fc from 'fast-check'
import t from 'tap'
import { cidrContains, parseCidr } from '../lib/cidr.ts'
import { canonicalIp, parseIp } from '../lib/ip.ts'
import { PodAddressRange } from './pod-address-range.ts'

function range(cidr: string): PodAddressRange {
  return new PodAddressRange(parseCidr(cidr)!)
}

function allocateAll(pool: PodAddressRange): string[] {
  const addresses: string[] = []
  for (;;) {
    const address = pool.allocate(`default/pod-${addresses.length}`)
    if (address === undefined) return addresses
    addresses.push(address)
  }
}

t.test(
  'PodAddressRange gives every address but the network and the IPv4 broadcast address',
  async t => {
    for (const [cidr, count, first, last] of [
      ['10.0.0.0/24', 254, '10.0.0.1', '10.0.0.254'],
      ['10.0.0.252/30', 2, '10.0.0.253', '10.0.0.254'],
      ['10.0.0.0/31', 0, undefined, undefined],
      ['10.0.0.0/32', 0, undefined, undefined],
      ['fd00::/120', 255, 'fd00::1', 'fd00::ff'],
      ['fd00::a0/127', 1, 'fd00::a1', 'fd00::a1'],
      ['fd00::1/128', 0, undefined, undefined],
    ] as const) {
      const addresses = allocateAll(range(cidr))
      t.equal(new Set(addresses).size, count, cidr)
      const byNumber = addresses.sort((a, b) => Buffer.compare(parseIp(a)!, parseIp(b)!))
      t.equal(byNumber[0], first)
      t.equal(byNumber.at(-1), last)
    }
  },
)

t.test('PodAddressRange.allocate() stays within blocks of any size', async t => {
  for (const cidr of [
    '10.0.0.0/8',
    '0.0.0.0/0',
    '10.128.0.0/9',
    'fd00::/64',
    'fd00:1:2::/48',
    '::/0',
  ]) {
    const pool = range(cidr)
    for (let i = 0; i < 100; i++) {
      const address = pool.allocate(`default/web-${i}`)!
      t.ok(cidrContains(pool.cidr, parseIp(address)!), `${address} in ${cidr}`)
      t.equal(canonicalIp(address), address)
    }
  }
})

t.test('PodAddressRange.allocate() chooses the same address for the same pod', async t => {
  t.equal(range('10.244.0.0/16').allocate('default/web-0'), '10.244.172.36')
  t.equal(range('10.244.0.0/16').allocate('default/web-1'), '10.244.245.192')
  const pool = range('10.244.0.0/16')
  const address = pool.allocate('default/web-0')!
  pool.release(address)
  t.equal(pool.allocate('default/web-0'), address)
  t.not(pool.allocate('default/web-0'), address, 'taken: the next one')
})

t.test('PodAddressRange.reserve() keeps an address from being given', async t => {
  const pool = range('10.0.0.0/24')
  const chosen = pool.allocate('default/web')!
  pool.release(chosen)
  t.equal(pool.reserve(chosen), false)
  t.not(pool.allocate('default/web'), chosen)
})

t.test('PodAddressRange.reserve() says when it takes an address away', async t => {
  const pool = range('10.0.0.0/30')
  const chosen = pool.allocate('default/web')!
  t.equal(pool.reserve(chosen), true)
  pool.release(chosen)
  const other = pool.allocate('default/web')
  t.not(other, chosen)
  t.equal(pool.allocate('default/db'), undefined, 'full')
  t.equal(pool.reserve(chosen), false, 'a second pod with the same address')
  t.equal(pool.reserve(chosen), false, 'a third')
  pool.unreserve(chosen)
  pool.unreserve(chosen)
  t.equal(pool.allocate('default/db'), undefined, 'still held by one of them')
  pool.unreserve(chosen)
  t.equal(pool.allocate('default/db'), chosen)
})

t.test('PodAddressRange takes no notice of addresses that it would never give', async t => {
  const pool = range('10.0.0.0/24')
  for (const address of ['10.0.0.0', '10.0.0.255', '10.0.1.1', 'fd00::1', 'web', '']) {
    t.equal(pool.reserve(address), false)
    pool.unreserve(address)
    pool.release(address)
  }
  t.equal(allocateAll(pool).length, 254)
})

t.test('PodAddressRange never gives one address twice', async t => {
  const step = fc.tuple(
    fc.constantFrom('allocate', 'release', 'reserve', 'unreserve'),
    fc.integer({ min: 0, max: 15 }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), steps => {
      const pool = range('10.0.0.0/28')
      const allocated = new Set<string>()
      const reserved: string[] = []
      for (const [verb, number] of steps) {
        const address = `10.0.0.${number}`
        if (verb === 'allocate') {
          const given = pool.allocate(`default/pod-${number}`)
          const isFull = allocated.size + new Set(reserved.filter(isUsable)).size === 14
          if ((given === undefined) !== isFull) return false
          if (given === undefined) continue
          if (allocated.has(given) || reserved.includes(given)) return false
          allocated.add(given)
        } else if (verb === 'release') {
          if (allocated.delete(address)) pool.release(address)
        } else if (verb === 'reserve') {
          if (pool.reserve(address) !== allocated.delete(address)) return false
          reserved.push(address)
        } else if (reserved.includes(address)) {
          pool.unreserve(address)
          reserved.splice(reserved.indexOf(address), 1)
        }
      }
      return true
    }),
    { numRuns: 300 },
  )
  t.pass()
})

function isUsable(address: string): boolean {
  return address !== '10.0.0.0' && address !== '10.0.0.15'
}
