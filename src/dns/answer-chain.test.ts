import t from 'tap'
import { chainCases } from '../../test/support/answer-chain-cases.ts'
import { takeAnswerChain } from './answer-chain.ts'
import { parseRcode } from './rcode.ts'
import { parseRecord, renderRecord } from './record-text.ts'
import type { ResourceRecord } from './resource-record.ts'
import { parseRrType } from './rr-type.ts'
import type { UpstreamReply } from './upstream-reply.ts'
import { parseName } from './wire-name.ts'

function records(lines: readonly string[]): ResourceRecord[] {
  return lines.map(line => {
    const parsed = parseRecord(line, { origin: parseName('t')!, ttlSeconds: 60 })
    if ('error' in parsed) throw new Error(`${line}: ${parsed.error}`)
    return parsed.record
  })
}

t.test('takeAnswerChain() takes what answers the question', async t => {
  for (const {
    what,
    rcode = 'NOERROR',
    question = 'www A',
    kind,
    taken,
    ...sections
  } of chainCases) {
    const [name, type] = question.split(' ')
    const answers = records(sections.answers ?? [])
    const authority = records(sections.authority ?? [])
    const reply: UpstreamReply = {
      id: 0,
      qr: true,
      opcode: 0,
      aa: false,
      tc: false,
      rd: true,
      ra: true,
      ad: false,
      cd: false,
      rcode: parseRcode(rcode)!,
      question: { name: parseName(`${name}.t`)!, type: parseRrType(type!)!, class: 1 },
      answers,
      authority,
      additional: records(['www A 192.0.2.66']),
      opt: undefined,
    }
    const found = takeAnswerChain(reply)
    t.equal(found.kind, kind, what)
    t.same(
      found.answers.map(renderRecord),
      taken.map(i => renderRecord(answers[i]!)),
      `${what}: answers`,
    )
    const wanted = (sections.takenAuthority ?? []).map(i => renderRecord(authority[i]!))
    t.same(found.authority.map(renderRecord), wanted, `${what}: authority`)
    t.equal(
      takeAnswerChain({ ...reply, question: undefined }).kind,
      'failure',
      `${what}, no question`,
    )
  }
})
