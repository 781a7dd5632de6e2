import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { PodAddresses } from './pod-addresses.ts'

function pool(...cidrs: readonly string[]): PodAddresses {
  return new PodAddresses(cidrs.map(cidr => parseCidr(cidr)!))
}

t.test('PodAddresses gives one address of each family, in the order of the CIDRs', async t => {
  for (const [cidrs, expected] of [
    [['10.0.0.0/30', 'fd00::/127'], /^10\.0\.0\.[12],fd00::1$/],
    [['fd00::/127', '10.0.0.0/30'], /^fd00::1,10\.0\.0\.[12]$/],
    [['fd00::/127'], /^fd00::1$/],
  ] as const) {
    const allocation = pool(...cidrs).allocate('default/web')
    t.match('podIPs' in allocation && allocation.podIPs.join(), expected)
  }
})

t.test('PodAddresses.allocate() gives all or nothing, and says what is full', async t => {
  const addresses = pool('10.0.0.0/30', 'fd00::/127')
  addresses.allocate('default/a')
  const second = addresses.allocate('default/b')
  t.strictSame(second, { full: parseCidr('fd00::/127') })
  addresses.release(['fd00::1'])
  t.ok('podIPs' in addresses.allocate('default/b'), 'the IPv4 address was not lost')
})

t.test('PodAddresses.reserve() names the addresses that others lose', async t => {
  const addresses = pool('10.0.0.0/29', 'fd00::/127')
  const allocation = addresses.allocate('default/a')
  const podIPs = 'podIPs' in allocation ? allocation.podIPs : []
  t.strictSame(addresses.reserve(['192.0.2.1', ...podIPs]), podIPs)
  addresses.unreserve(podIPs)
  t.strictSame(addresses.allocate('default/a'), { podIPs })
})

t.test('PodAddresses wants one CIDR, or one per family', async t => {
  for (const cidrs of [
    [],
    ['10.0.0.0/8', '192.168.0.0/16'],
    ['10.0.0.0/8', 'fd00::/64', 'fd01::/64'],
  ]) {
    t.throws(() => pool(...cidrs), RangeError)
  }
})
