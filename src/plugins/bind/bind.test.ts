import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { bindAddresses } from './bind-addresses.ts'
import { bind } from './bind.ts'

const interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[]>> = {
  lo: [info('127.0.0.1'), info('::1')],
  eth0: [info('192.0.2.1'), info('192.0.2.2'), info('2001:db8::1'), info('fe80::1', 2)],
}

function info(address: string, scopeid = 0): NetworkInterfaceInfo {
  const rest = { address, netmask: '', mac: '', internal: false, cidr: null }
  return address.includes(':') ? { ...rest, family: 'IPv6', scopeid } : { ...rest, family: 'IPv4' }
}

const cases: readonly [lines: string, addresses: readonly string[], unknown?: readonly string[]][] =
  [
    ['bind 127.0.0.1 ::1', ['127.0.0.1', '::1']],
    ['bind lo', ['127.0.0.1', '::1']],
    ['bind eth0', ['192.0.2.1', '192.0.2.2', '2001:db8::1', 'fe80::1%eth0']],
    ['bind eth0 {\n except 192.0.2.2 fe80::1%eth0\n}', ['192.0.2.1', '2001:db8::1']],
    ['bind lo\n bind 10.0.0.1 127.0.0.1', ['127.0.0.1', '::1', '10.0.0.1']],
    ['bind eth0 {\n except eth0\n}\n bind 192.0.2.1', ['192.0.2.1']],
    ['bind eth1 127.0.0.1', ['127.0.0.1'], ['eth1']],
    ['bind 127.0.0.1%lo', [], ['127.0.0.1%lo']],
  ]

for (const [lines, addresses, unknown = []] of cases) {
  const settings = readSettings(bind, lines)
  if (typeof settings === 'string') throw new TypeError(settings)
  const found = bindAddresses(settings, interfaces)
  t.same(
    found.addresses.map(({ address }) => address),
    addresses,
    lines,
  )
  t.same(found.unknown, unknown, lines)
  for (const { address, family } of found.addresses)
    t.equal(family, address.includes(':') ? 'IPv6' : 'IPv4')
}

t.match(readSettings(bind, 'bind'), /expected a word at the end of the line/)
t.match(readSettings(bind, 'bind lo {\n except\n}'), /expected a word/)
