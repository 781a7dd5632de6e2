import t from 'tap'
import { type UpstreamTarget, upstreamTarget } from './upstream-address.ts'

const cases: readonly [word: string, target: UpstreamTarget][] = [
  ['8.8.8.8', server('8.8.8.8', 53)],
  ['8.8.8.8:5353', server('8.8.8.8', 5353)],
  ['dns://8.8.8.8:5353', server('8.8.8.8', 5353)],
  ['DNS://8.8.8.8', server('8.8.8.8', 53)],
  ['2001:db8::1', server('2001:db8::1', 53)],
  ['[2001:db8::1]:5353', server('2001:db8::1', 5353)],
  ['[fe80::1%eth0]:5353', server('fe80::1%eth0', 5353)],
  ['fe80::1%eth0', server('fe80::1%eth0', 53)],
  ['tls://9.9.9.9', tls('9.9.9.9', 853)],
  ['tls://9.9.9.9:8853', tls('9.9.9.9', 8853)],
  ['tls://9.9.9.9%dns.quad9.net', tls('9.9.9.9', 853, 'dns.quad9.net')],
  ['tls://9.9.9.9%dns.quad9.net:8853', tls('9.9.9.9', 8853, 'dns.quad9.net')],
  ['tls://2620:fe::fe%dns.quad9.net:8853', tls('2620:fe::fe', 8853, 'dns.quad9.net')],
  ['tls://[2620:fe::fe]:853%dns.quad9.net', undefined!],
  ['tls://[2620:fe::fe%dns.quad9.net]:8853', tls('2620:fe::fe', 8853, 'dns.quad9.net')],
  ['/etc/resolv.conf', { file: '/etc/resolv.conf' }],
  ['./resolv.conf', { file: './resolv.conf' }],
  ['8.8.8', undefined!],
  ['8.8.8.8:0', undefined!],
  ['8.8.8.8:65536', undefined!],
  ['8.8.8.8%eth0', undefined!],
  ['dns.example', undefined!],
  ['https://9.9.9.9', undefined!],
  ['', undefined!],
]

for (const [word, target] of cases) {
  t.strictSame(upstreamTarget.parse(word), target, `upstreamTarget of "${word}"`)
}

function server(address: string, port: number): UpstreamTarget {
  const family = address.includes(':') ? 'IPv6' : 'IPv4'
  return { address, family, port, scheme: 'dns', serverName: undefined }
}

function tls(address: string, port: number, serverName?: string): UpstreamTarget {
  const family = address.includes(':') ? 'IPv6' : 'IPv4'
  return { address, family, port, scheme: 'tls', serverName }
}
