import t from 'tap'
import { isReplyTo, type SentQuery } from './is-reply-to.ts'
import { RrType } from './rr-type.ts'
import type { UpstreamReply } from './upstream-reply.ts'

type UpstreamQuestion = NonNullable<UpstreamReply['question']>
import { parseName } from './wire-name.ts'

const question: UpstreamQuestion = { name: parseName('wWw.Example')!, type: RrType.a, class: 1 }
const reply: UpstreamReply = {
  id: 7,
  qr: true,
  opcode: 0,
  aa: false,
  tc: false,
  rd: true,
  ra: true,
  ad: false,
  cd: false,
  rcode: 0,
  question,
  answers: [],
  authority: [],
  additional: [],
  opt: undefined,
}
const sent: SentQuery = { ...question, id: 7, spelling: 'exact' }
const asked = (change: Partial<UpstreamQuestion>): UpstreamReply => ({
  ...reply,
  question: { ...question, ...change },
})

const cases: readonly [what: string, reply: UpstreamReply, sent: SentQuery, matches: boolean][] = [
  ['the reply', reply, sent, true],
  ['any rcode', { ...reply, rcode: 5 }, sent, true],
  ['a truncated reply', { ...reply, tc: true }, sent, true],
  ['another id', { ...reply, id: 8 }, sent, false],
  ['a query', { ...reply, qr: false }, sent, false],
  ['another opcode', { ...reply, opcode: 4 }, sent, false],
  ['no question', { ...reply, question: undefined }, sent, false],
  ['another type', asked({ type: RrType.aaaa }), sent, false],
  ['another class', asked({ class: 3 }), sent, false],
  ['another name', asked({ name: parseName('wWx.Example')! }), sent, false],
  ['a longer name', asked({ name: parseName('wWw.Example.x')! }), sent, false],
  ['another spelling', asked({ name: parseName('www.example')! }), sent, false],
  [
    'another spelling where none was chosen',
    asked({ name: parseName('www.example')! }),
    { ...sent, spelling: 'any' },
    true,
  ],
  [
    'another name where no spelling was chosen',
    asked({ name: parseName('wwx.example')! }),
    { ...sent, spelling: 'any' },
    false,
  ],
]

t.test('isReplyTo() wants id, question and spelling again', async t => {
  for (const [what, reply, sent, matches] of cases) t.equal(isReplyTo(reply, sent), matches, what)
})
