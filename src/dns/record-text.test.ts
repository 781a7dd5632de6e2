import fc from 'fast-check'
import t from 'tap'
import { parseRecord, renderRecord } from './record-text.ts'
import { nameFromLabels, parseName } from './wire-name.ts'

const defaults = { origin: parseName('Example.org')!, ttlSeconds: 3600 }

/** The text, and the record in full, or the error. */
const cases: readonly [text: string, rendered: string][] = [
  ['web A 192.0.2.1', 'web.Example.org. 3600 IN A 192.0.2.1'],
  ['  web. 60 IN A 192.0.2.1 ; comment', 'web. 60 IN A 192.0.2.1'],
  ['web IN 60 a 192.0.2.1', 'web.Example.org. 60 IN A 192.0.2.1'],
  ['web in a 192.0.2.1\n', 'web.Example.org. 3600 IN A 192.0.2.1'],
  ['@ 1h CLASS1 TYPE1 192.0.2.1', 'Example.org. 3600 IN A 192.0.2.1'],
  ['*.WEB 0 CNAME @', '*.WEB.Example.org. 0 IN CNAME Example.org.'],
  ['10 5 A 192.0.2.1', '10.Example.org. 5 IN A 192.0.2.1'],
  ['in IN A 192.0.2.1', 'in.Example.org. 3600 IN A 192.0.2.1'],
  [
    '@ SOA ns h (\n 1 2 3 4 5 )',
    'Example.org. 3600 IN SOA ns.Example.org. h.Example.org. 1 2 3 4 5',
  ],
  ['\\@ TXT ";"', '\\@.Example.org. 3600 IN TXT ";"'],
  ['a TYPE1000 \\# 0', 'a.Example.org. 3600 IN TYPE1000 \\# 0'],
]

const errors: readonly [text: string, error: string][] = [
  ['', 'expected one record'],
  ['; nothing', 'expected one record'],
  ['a A 192.0.2.1\nb A 192.0.2.1', 'expected one record'],
  ['a..b A 192.0.2.1', '"a..b" is not a name'],
  ['web', 'the type is missing'],
  ['web 60 IN', 'the type is missing'],
  ['web 60 60 A 192.0.2.1', '"60" is not a record type'],
  ['web IN IN A 192.0.2.1', '"IN" is not a record type'],
  ['web 99999999999 A 192.0.2.1', '"99999999999" is not a TTL'],
  ['web CH TXT "a"', 'class CH is not supported, only IN'],
  ['web CLASS3 TXT "a"', 'class CLASS3 is not supported, only IN'],
  ['web X 192.0.2.1', '"X" is not a record type'],
  ['web ANY 192.0.2.1', 'no record is of type ANY'],
  ['web OPT \\# 0', 'no record is of type OPT'],
  ['web TYPE0 \\# 0', 'no record is of type TYPE0'],
  ['web A 192.0.2.256', '"192.0.2.256" is not an IPv4 address'],
  ['web TXT "a', 'a quote is not closed on its line'],
]

t.test('parseRecord() reads a line of a zone file', async t => {
  for (const [text, rendered] of cases) {
    const parsed = parseRecord(text, defaults)
    t.equal('error' in parsed ? parsed.error : renderRecord(parsed.record), rendered, text)
  }
  for (const [text, error] of errors) t.same(parseRecord(text, defaults), { error }, text)
})

t.test('renderRecord() writes what parseRecord() reads', async t => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 8 })
  const name = fc
    .array(label, { maxLength: 5 })
    .map(labels => nameFromLabels(labels.map(bytes => String.fromCharCode(...bytes)))!)
  const ttlSeconds = fc.nat(0x7fffffff)
  const record = fc.oneof(
    fc.record({ name, ttlSeconds, type: fc.constantFrom(2, 5, 12, 39), rdata: name }),
    fc.record({
      name,
      ttlSeconds,
      type: fc.constant(28),
      rdata: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    }),
    fc.record({
      name,
      ttlSeconds,
      type: fc.constant(16),
      rdata: fc.uint8Array({ maxLength: 255 }).map(bytes => Uint8Array.of(bytes.length, ...bytes)),
    }),
    // Data of any form under any type.
    fc.record({
      name,
      ttlSeconds,
      type: fc.constantFrom(1, 6, 33, 46, 64, 257, 1000),
      rdata: fc.uint8Array({ maxLength: 30 }),
    }),
  )
  fc.assert(
    fc.property(record, record => {
      const parsed = parseRecord(renderRecord(record), defaults)
      // What is not of its type is shown, but not read again.
      if ('error' in parsed) t.match(parsed.error, /^no data of type/)
      else t.same(parsed.record, record)
    }),
    { numRuns: 1000 },
  )
})
