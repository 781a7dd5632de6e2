import t from 'tap'
import { checkIp, checkIpOfFamily, checkNotSpecial } from './address-rules.ts'

const invalid = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'

t.test('checkIp() speaks like the API server', async t => {
  const cases: readonly [text: string, ...faults: string[]][] = [
    ['10.0.0.1'],
    ['fd00::1'],
    ['FD00:0::1'],
    ['10.0.0.01', 'must not have leading 0s'],
    ['10.0.0.256', invalid],
    ['10.0.0', invalid],
    ['', invalid],
    ['::ffff:10.0.0.1', 'must not be an IPv4-mapped IPv6 address'],
  ]
  for (const [text, ...faults] of cases) t.same(checkIp(text), faults, text)
})

t.test('checkIpOfFamily() wants the family too', async t => {
  t.same(checkIpOfFamily('10.0.0.1', 'IPv4'), [])
  t.same(checkIpOfFamily('10.0.0.1', 'IPv6'), ['must be an IPv6 address'])
  t.same(checkIpOfFamily('fd00::1', 'IPv4'), ['must be an IPv4 address'])
  t.same(checkIpOfFamily('x', 'IPv4'), [invalid])
})

t.test('checkNotSpecial() refuses where no endpoint can be', async t => {
  const loopback = 'may not be in the loopback range (127.0.0.0/8, ::1/128)'
  const linkLocal = 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'
  const multicast = 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'
  const cases: readonly [text: string, ...faults: string[]][] = [
    ['10.0.0.1'],
    ['fd00::1'],
    ['224.0.1.1'],
    ['0.0.0.0', 'may not be unspecified (0.0.0.0)'],
    ['::', 'may not be unspecified (::)'],
    ['127.255.255.255', loopback],
    ['::1', loopback],
    ['169.254.1.1', linkLocal],
    ['fe80::1', linkLocal],
    ['224.0.0.255', multicast],
    ['ff02::1', multicast],
    // Said once, by checkIp().
    ['x'],
  ]
  for (const [text, ...faults] of cases) t.same(checkNotSpecial(text), faults, text)
})
