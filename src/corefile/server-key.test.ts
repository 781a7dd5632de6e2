import t from 'tap'
import { parseServerKey } from './server-key.ts'

const keys: readonly [text: string, keys: readonly string[]][] = [
  ['.', ['dns://.:53']],
  ['.:5353', ['dns://.:5353']],
  [':5353', ['dns://.:5353']],
  ['.:0', ['dns://.:0']],
  ['Example.ORG', ['dns://example.org.:53']],
  ['example.org.:1053', ['dns://example.org.:1053']],
  ['dns://example.org', ['dns://example.org.:53']],
  ['dns://', ['dns://.:53']],
  ['tls://.', ['tls://.:853']],
  ['tls://example.org:1853', ['tls://example.org.:1853']],
  ['https://.', ['https://.:443']],
  ['https3://.', ['https3://.:443']],
  ['quic://.', ['quic://.:853']],
  ['grpc://.', ['grpc://.:443']],
  ['10.0.0.0/24', ['dns://0.0.10.in-addr.arpa.:53']],
  ['10.0.0.0/24:1053', ['dns://0.0.10.in-addr.arpa.:1053']],
  ['tls://10.0.0.0/15', ['tls://0.10.in-addr.arpa.:853', 'tls://1.10.in-addr.arpa.:853']],
  ['2001:db8::/32', ['dns://8.b.d.0.1.0.0.2.ip6.arpa.:53']],
  ['2001:db8::/32:1053', ['dns://8.b.d.0.1.0.0.2.ip6.arpa.:1053']],
  ['::/0', ['dns://ip6.arpa.:53']],
  ['0/25.2.0.192.in-addr.arpa', ['dns://0/25.2.0.192.in-addr.arpa.:53']],
]

t.test('parseServerKey() reads scheme, zone and port', async t => {
  for (const [text, expected] of keys) {
    const parsed = parseServerKey(text, 53)
    if (typeof parsed === 'string') throw new Error(`${text}: ${parsed}`)
    t.same(
      parsed.map(({ scheme, zone, port }) => `${scheme}://${zone}:${port}`),
      expected,
      text,
    )
    t.ok(
      parsed.every(key => key.text === text),
      `${text} keeps its text`,
    )
  }
})

t.test('parseServerKey() gives the default port to the scheme dns only', async t => {
  t.match(parseServerKey('.', 1053), [{ port: 1053 }])
  t.match(parseServerKey('tls://.', 1053), [{ port: 853 }])
})

t.test('parseServerKey() says what is wrong', async t => {
  for (const [text, problem] of [
    ['.:53{', 'a space is missing before "{"'],
    ['{', 'a space is missing before "{"'],
    ['.:', 'expected a port from 0 to 65535, not ""'],
    ['.:65536', 'expected a port from 0 to 65535, not "65536"'],
    ['.:-1', 'expected a port from 0 to 65535, not "-1"'],
    ['.:dns', 'expected a port from 0 to 65535, not "dns"'],
    ['2001:db8::1:53', 'expected a zone or a CIDR, not "2001:db8::1"'],
    ['a..b', 'expected a zone or a CIDR, not "a..b"'],
    ['a b', 'expected a zone or a CIDR, not "a b"'],
    ['10.0.0.0/33', 'expected a zone or a CIDR, not "10.0.0.0/33"'],
    ['unix://x', 'unknown scheme unix: known are dns, tls, https, https3, quic, grpc'],
    ['DNS://x', 'unknown scheme DNS: known are dns, tls, https, https3, quic, grpc'],
    [
      'constructor://x',
      'unknown scheme constructor: known are dns, tls, https, https3, quic, grpc',
    ],
  ] as const) {
    t.equal(parseServerKey(text, 53), problem, text)
  }
})
