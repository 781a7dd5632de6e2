import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { AddressPool } from './address-pool.ts'

function poolOf(...cidrs: string[]): AddressPool {
  return new AddressPool(cidrs.map(text => parseCidr(text)!))
}

// These addresses are a promise: a change of any of them moves Services of running clusters.
t.test('AddressPool.takeNext() follows from the name alone', async t => {
  const cases: [cidr: string, owner: string, address: string][] = [
    ['10.96.0.0/16', 'default/web', '10.96.21.59'],
    ['10.96.0.0/16', 'kube-system/kube-dns', '10.96.56.153'],
    ['10.96.0.0/12', 'default/web', '10.111.245.101'],
    ['fd00:10:96::/112', 'default/web', 'fd00:10:96::6148'],
    ['fd00:10:96::/64', 'default/web', 'fd00:10:96::799:b8a7'],
  ]
  for (const [cidr, owner, address] of cases)
    t.equal(poolOf(cidr).takeNext(owner), address, `${owner} in ${cidr}`)
})

t.test('AddressPool gives default/kubernetes the first address when it is free', async t => {
  const pool = poolOf('10.96.0.0/16', '10.97.0.0/16')
  t.equal(pool.takeNext('default/kubernetes'), '10.96.0.1')
  t.not(pool.takeNext('default/kubernetes'), undefined, 'else any other')
  t.equal(poolOf('fd00::/112').takeNext('default/kubernetes'), 'fd00::1')
})

t.test('AddressPool knows an address by its value, not its text', async t => {
  const pool = poolOf('fd00::/112')
  t.equal(pool.take('FD00:0:0::A', 'a/b'), undefined)
  t.equal(pool.take('fd00::a', 'c/d'), 'taken')
  t.equal(pool.ownerOf('fd00::a'), 'a/b')
  pool.release('fd00::000a', 'a/b')
  t.equal(pool.restore('fd00::a', 'c/d'), undefined)
})

t.test('AddressPool refuses what is no address of its CIDRs', async t => {
  const pool = poolOf('10.96.0.0/24', '10.97.0.0/24')
  for (const address of ['10.96.0.0', '10.96.0.255', '10.98.0.1', 'web', ''])
    t.equal(pool.take(address, 'a/b'), 'outside', address)
  t.equal(pool.restore('web', 'a/b'), 'outside')
  t.equal(pool.take('10.97.0.254', 'a/b'), undefined)
  t.equal(pool.ownerOf('web'), undefined)
  pool.release('web', 'a/b')
  t.same(
    pool.usage().map(({ cidr, dynamic }) => [cidr, dynamic.taken, dynamic.size]),
    [
      ['10.96.0.0/24', 0, 238],
      ['10.97.0.0/24', 1, 238],
    ],
  )
})

t.test('AddressPool of an IPv6 /64 costs no more than what is taken', async t => {
  const pool = poolOf('fd00::/64')
  const addresses = Array.from({ length: 500 }, (_, i) => pool.takeNext(`default/web-${i}`))
  t.equal(new Set(addresses).size, 500)
})

t.test('AddressPool of a CIDR without usable addresses is full', async t => {
  for (const cidr of ['10.96.0.0/31', '10.96.0.0/32', 'fd00::/128']) {
    t.equal(poolOf(cidr).takeNext('default/web'), undefined, cidr)
    t.equal(poolOf(cidr).takeNext('default/kubernetes'), undefined, cidr)
  }
})

t.test('AddressPool chooses no reserved address of its family', async t => {
  const reserved = ['10.96.21.0/24', 'fd00::/64'].map(text => parseCidr(text)!)
  const pool = new AddressPool([parseCidr('10.96.0.0/16')!], reserved)
  t.equal(pool.takeNext('default/web'), '10.96.22.0')
  t.equal(pool.take('10.96.21.59', 'default/web'), undefined)
})

t.test('AddressPool.candidates() tells the way of takeNext() and takes nothing', async t => {
  const pool = poolOf('10.96.0.0/29')
  pool.take('10.96.0.2', 'a/b')
  const candidates = pool.candidates('default/web', 9)
  t.same(
    candidates.toSorted(),
    [1, 3, 4, 5, 6].map(last => `10.96.0.${last}`),
  )
  t.same(pool.candidates('default/web', 2), candidates.slice(0, 2))
  const [usage] = pool.usage()
  t.equal(usage!.static.taken + usage!.dynamic.taken, 1)
  t.equal(pool.takeNext('default/web'), candidates[0])
})

t.test('AddressPool.homeOf() is the first choice, whoever has it', async t => {
  const pool = poolOf('10.96.0.0/16')
  t.equal(pool.takeNext('default/web'), '10.96.21.59')
  t.equal(pool.homeOf('default/web'), '10.96.21.59')
  t.equal(pool.homeOf('default/web'), '10.96.21.59')
  t.equal(poolOf('10.96.0.0/32').homeOf('default/web'), undefined)
})

t.test('AddressPool.bandOf() goes by the networks', async t => {
  const pool = poolOf('10.96.0.0/24')
  const addresses = ['10.96.0.0', '10.96.0.1', '10.96.0.200', '10.96.0.255', 'web']
  t.same(
    addresses.map(address => pool.bandOf(address)),
    [undefined, 'static', 'dynamic', undefined, undefined],
  )
})
