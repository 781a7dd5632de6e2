import fc from 'fast-check'
import packet, { type Answer } from 'dns-packet'
import t from 'tap'
import { readReply } from './upstream-reply.ts'
import { renderRrType } from './rr-type.ts'
import { renderName } from './wire-name.ts'

const label = fc.string({
  unit: fc.constantFrom(...'abcXYZ019-_'.split('')),
  minLength: 1,
  maxLength: 12,
})
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map(labels => labels.join('.'))
const text = fc.string({ unit: fc.constantFrom(...'ab "\\;é'.split('')), maxLength: 30 })
const number = fc.nat(0xffff)
const answer: fc.Arbitrary<Answer> = fc
  .tuple(
    name,
    fc.nat(0x7fffffff),
    fc.oneof(
      fc.record({ type: fc.constant('A' as const), data: fc.ipV4() }),
      fc.record({
        type: fc.constantFrom('CNAME' as const, 'NS' as const, 'PTR' as const, 'DNAME' as const),
        data: name,
      }),
      fc.record({
        type: fc.constant('TXT' as const),
        data: fc.array(text, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        type: fc.constant('MX' as const),
        data: fc.record({ preference: number, exchange: name }),
      }),
      fc.record({ type: fc.constant('RP' as const), data: fc.record({ mbox: name, txt: name }) }),
      fc.record({
        type: fc.constant('SRV' as const),
        data: fc.record({ priority: number, weight: number, port: number, target: name }),
      }),
      fc.record({ type: fc.constant('HINFO' as const), data: fc.record({ cpu: text, os: text }) }),
      fc.record({
        type: fc.constant('SOA' as const),
        data: fc.record({
          mname: name,
          rname: name,
          serial: number,
          refresh: number,
          retry: number,
          expire: number,
          minimum: number,
        }),
      }),
    ),
  )
  .map(([name, ttl, rest]) => ({ name, ttl, class: 'IN', ...rest }))

/** The types of dns-packet leave its encoders of parts out. */
const { encode: encodeAnswer } = (
  packet as unknown as { answer: { encode: (answer: Answer) => Buffer } }
).answer

t.test('readReply() reads what dns-packet writes', async t => {
  fc.assert(
    fc.property(
      name,
      fc.array(answer, { maxLength: 6 }),
      fc.array(answer, { maxLength: 3 }),
      (asked, answers, authorities) => {
        const bytes = packet.encode({
          type: 'response',
          id: 7,
          questions: [{ type: 'A', name: asked }],
          answers,
          authorities,
        })
        const reply = readReply(bytes, bytes.length)!
        t.equal(renderName(reply.question!.name), `${asked}.`)
        for (const [records, written] of [
          [reply.answers, answers],
          [reply.authority, authorities],
        ] as const) {
          t.equal(records.length, written.length)
          for (const [i, record] of records.entries()) {
            // The name of the record alone tells where its data begins in what dns-packet writes of it.
            const wanted = encodeAnswer(written[i]!)
            t.equal(renderName(record.name), `${written[i]!.name}.`)
            t.equal(renderRrType(record.type), written[i]!.type)
            t.same(Buffer.from(record.rdata), wanted.subarray(record.name.length + 10))
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})
