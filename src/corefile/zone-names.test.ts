import t from 'tap'
import { parseZoneName, parseZoneNames } from './zone-names.ts'

t.test('parseZoneName() normalises', async t => {
  for (const [text, name] of [
    ['.', '.'],
    ['org', 'org.'],
    ['Example.ORG', 'example.org.'],
    ['example.org.', 'example.org.'],
    ['_dns.example.org', '_dns.example.org.'],
    ['*.example.org', '*.example.org.'],
    ['a\\.b.org', 'a\\.b.org.'],
    ['0/25.2.0.192.in-addr.arpa', '0/25.2.0.192.in-addr.arpa.'],
    ['10.0.0.1', '10.0.0.1.'],
  ] as const) {
    t.equal(parseZoneName(text), name, text)
  }
})

t.test('parseZoneName() refuses what is no name', async t => {
  for (const text of [
    '',
    '..',
    '.org',
    'a..b',
    'a b',
    'a,b',
    'a\n',
    'bücher.example',
    'org:53',
    'org{',
    '{$ZONE}',
    '"org"',
    'a'.repeat(64),
    'a.'.repeat(128),
    '10.0.0.0/8',
  ]) {
    t.equal(parseZoneName(text), undefined, JSON.stringify(text))
  }
})

t.test('parseZoneNames() makes reverse zones of a CIDR', async t => {
  for (const [text, zones] of [
    ['example.org', ['example.org.']],
    ['10.0.0.0/8', ['10.in-addr.arpa.']],
    ['10.1.0.0/16', ['1.10.in-addr.arpa.']],
    ['10.0.0.0/24', ['0.0.10.in-addr.arpa.']],
    ['10.0.0.1/32', ['1.0.0.10.in-addr.arpa.']],
    ['0.0.0.0/0', ['in-addr.arpa.']],
    ['10.0.0.0/15', ['0.10.in-addr.arpa.', '1.10.in-addr.arpa.']],
    ['10.9.3.5/15', ['8.10.in-addr.arpa.', '9.10.in-addr.arpa.']],
    ['10.0.0.6/31', ['6.0.0.10.in-addr.arpa.', '7.0.0.10.in-addr.arpa.']],
    ['fd00::/8', ['d.f.ip6.arpa.']],
    ['2001:db8::/31', ['8.b.d.0.1.0.0.2.ip6.arpa.', '9.b.d.0.1.0.0.2.ip6.arpa.']],
    ['2001:DB8::1/32', ['8.b.d.0.1.0.0.2.ip6.arpa.']],
    ['::/0', ['ip6.arpa.']],
  ] as const) {
    t.same(parseZoneNames(text), zones, text)
  }
  const twelve = Array.from({ length: 16 }, (_, i) => `${96 + i}.10.in-addr.arpa.`)
  t.same(parseZoneNames('10.96.0.0/12'), twelve)
  t.equal(parseZoneNames('128.0.0.0/1')?.length, 128)
  t.equal(parseZoneNames('8000::/1')?.length, 8)
  t.equal(parseZoneNames('fd00::1/128')?.[0]?.length, 64 + 'ip6.arpa.'.length)
})

t.test('parseZoneNames() refuses what is no network', async t => {
  for (const text of [
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0/8',
    '256.0.0.0/8',
    '2001:db8::/129',
    'x:y/8',
    '::1',
  ]) {
    t.equal(parseZoneNames(text), undefined, text)
  }
})
