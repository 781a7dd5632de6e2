import t from 'tap'
import { parseRecord, renderRecord } from '../../dns/record-text.ts'
import { parseName } from '../../dns/wire-name.ts'
import { packRecords, unpackRecords } from './packed-records.ts'

const longest = `${'a'.repeat(63)}.`.repeat(3) + `${'b'.repeat(61)}.`

const cases: readonly [question: string, lines: readonly string[]][] = [
  ['web.example.', []],
  ['web.example.', ['web.example. 2147483647 IN A 192.0.2.1']],
  ['web.example.', ['web.example. 0 IN CNAME b.', 'B. 60 IN AAAA 2001:db8::1', '. 1 IN NS a.']],
  ['.', ['. 5 IN TYPE65280 \\# 0', '. 5 IN TXT "a"']],
  [longest, [`${longest} 5 IN A 192.0.2.1`]],
  ['web.example.', [`${longest} 5 IN A 192.0.2.1`, 'web.example. 5 IN A 192.0.2.1']],
]

t.test('packRecords() and unpackRecords() give the records back', async t => {
  for (const [name, lines] of cases) {
    const question = parseName(name)!
    const records = lines.map(line => {
      const parsed = parseRecord(line, { origin: question, ttlSeconds: 0 })
      if ('error' in parsed) throw new Error(parsed.error)
      return parsed.record
    })
    const packed = packRecords(records, question)
    t.same(unpackRecords(packed, question, ttl => ttl).map(renderRecord), lines)
    t.ok(unpackRecords(packed, question, () => 7).every(({ ttlSeconds }) => ttlSeconds === 7))
  }
})

t.test('a record takes nine bytes beside its data where its owner is the question', async t => {
  const question = parseName('web.example')!
  const name = parseName('WEB.example')!
  const records = [{ name, type: 1, ttlSeconds: 60, rdata: new Uint8Array(4) }]
  t.equal(packRecords(records, question).length, 13)
})
