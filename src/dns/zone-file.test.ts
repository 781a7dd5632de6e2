import t from 'tap'
import { renderRecord } from './record-text.ts'
import { parseName } from './wire-name.ts'
import { parseZoneFile } from './zone-file.ts'

const defaults = { origin: parseName('example.org')!, ttlSeconds: 3600 }

const cases: readonly [what: string, text: string, lines: readonly string[]][] = [
  ['nothing', '; nothing\n\n', []],
  [
    'a usual zone',
    `$TTL 1h
@   IN SOA ns hostmaster ( ; in parentheses
      2026010100 ; serial
      2h 30m 2w 5m )
    IN NS  ns
    NS ns.other.
ns  A 192.0.2.1
    60 AAAA 2001:db8::1
www CNAME @   ; an alias
txt TXT "a;b" "c d" (
  "e" )
`,
    [
      'example.org. 3600 IN SOA ns.example.org. hostmaster.example.org. 2026010100 7200 1800 1209600 300',
      'example.org. 3600 IN NS ns.example.org.',
      'example.org. 3600 IN NS ns.other.',
      'ns.example.org. 3600 IN A 192.0.2.1',
      'ns.example.org. 60 IN AAAA 2001:db8::1',
      'www.example.org. 3600 IN CNAME example.org.',
      'txt.example.org. 3600 IN TXT "a;b" "c d" "e"',
    ],
  ],
  [
    '$ORIGIN',
    'a A 192.0.2.1\n$ORIGIN sub\na A 192.0.2.2\n$origin org.\na A 192.0.2.3\n A 192.0.2.4\n@ A 192.0.2.5\n',
    [
      'a.example.org. 3600 IN A 192.0.2.1',
      'a.sub.example.org. 3600 IN A 192.0.2.2',
      'a.org. 3600 IN A 192.0.2.3',
      'a.org. 3600 IN A 192.0.2.4',
      'org. 3600 IN A 192.0.2.5',
    ],
  ],
  [
    'a blank owner behind $ORIGIN is the one before',
    'a A 192.0.2.1\n$ORIGIN sub\n A 192.0.2.2\n',
    ['a.example.org. 3600 IN A 192.0.2.1', 'a.example.org. 3600 IN A 192.0.2.2'],
  ],
  [
    '$TTL wins over the TTL before',
    'a 5 A 192.0.2.1\n$TTL 7\nb A 192.0.2.1\nc 9 A 192.0.2.1\nd A 192.0.2.1',
    [
      'a.example.org. 5 IN A 192.0.2.1',
      'b.example.org. 7 IN A 192.0.2.1',
      'c.example.org. 9 IN A 192.0.2.1',
      'd.example.org. 7 IN A 192.0.2.1',
    ],
  ],
  [
    'the TTL before, where there is no $TTL',
    'a A 192.0.2.1\nb 5 A 192.0.2.1\nc A 192.0.2.1',
    [
      'a.example.org. 3600 IN A 192.0.2.1',
      'b.example.org. 5 IN A 192.0.2.1',
      'c.example.org. 5 IN A 192.0.2.1',
    ],
  ],
  [
    'the minimum of the SOA, where there is no TTL at all',
    '@ SOA ns h 1 2 3 4 55\na A 192.0.2.1',
    [
      'example.org. 55 IN SOA ns.example.org. h.example.org. 1 2 3 4 55',
      'a.example.org. 55 IN A 192.0.2.1',
    ],
  ],
  [
    'a name that begins with a dollar',
    '\\$a A 192.0.2.1',
    ['\\$a.example.org. 3600 IN A 192.0.2.1'],
  ],
]

t.test('parseZoneFile() reads zones', async t => {
  for (const [what, text, lines] of cases) {
    const parsed = parseZoneFile(text, defaults)
    t.same('error' in parsed ? parsed : parsed.records.map(renderRecord), lines, what)
  }
})

t.test('parseZoneFile() reads what renderRecord() writes', async t => {
  for (const [what, , lines] of cases) {
    const parsed = parseZoneFile(lines.join('\n'), defaults)
    t.same('error' in parsed ? parsed : parsed.records.map(renderRecord), lines, what)
  }
})

const errors: readonly [text: string, line: number, error: string][] = [
  [' A 192.0.2.1', 1, 'the first record has no owner'],
  ['\na..b A 192.0.2.1', 2, '"a..b" is not a name'],
  ['a A 192.0.2.1\nb A (\n192.0.2.256 )', 2, '"192.0.2.256" is not an IPv4 address'],
  ['a A 192.0.2.1\n\n; c\nb X 1', 4, '"X" is not a record type'],
  ['a TXT (\n"b\n)', 2, 'a quote is not closed on its line'],
  ['a CH TXT b', 1, 'class CH is not supported, only IN'],
  ['$INCLUDE other.zone', 1, '$INCLUDE is not supported'],
  ['a A 192.0.2.1\n$generate 1-9 a$ A 192.0.2.$', 2, '$GENERATE is not supported'],
  ['$Foo bar', 1, '$Foo is not known: known are $ORIGIN and $TTL'],
  ['$TTL', 1, '$TTL has one argument'],
  ['$TTL 1 2', 1, '$TTL has one argument'],
  ['$TTL x', 1, '"x" is not a TTL'],
  ['$ORIGIN a..b', 1, '"a..b" is not a name'],
]

t.test('parseZoneFile() says what is wrong and on which line', async t => {
  for (const [text, line, error] of errors) {
    t.same(parseZoneFile(text, defaults), { error, line }, text)
  }
})
