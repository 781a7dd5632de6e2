import t from 'tap'
import { AnswerWriter } from '../../answers/answer-writer.ts'
import type { Reply } from '../handler.ts'
import { plainZone } from '../../../test/support/plain-answers.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { leavesAlone } from '../../../test/support/scan-of.ts'

const next: Reply = { rcode: 3, authoritative: false, error: 'next' }

/** Lines of a hosts file without any other file. */
function chainOf(lines: string, answers?: AnswerWriter): PluginChain {
  const corefile = `example.org 10.0.0.0/8 {\n hosts /nowhere/hosts {\n${lines}\n}\n}`
  return new PluginChain(corefile, { behind: () => next, ...(answers && { answers }) })
}

const lines = `10.0.0.1 a.example.org A2.example.org
10.0.0.2 a.example.org
fd00::1 a.example.org
10.0.0.9 *.wild.example.org
10.0.0.8 b.wild.example.org
10.0.0.7 elsewhere.test`

const nodata = { rcode: 'NOERROR', answer: [], authority: [], additional: [] }
const servfail = { ...nodata, rcode: 'SERVFAIL' }

/** Without fallthrough and, where that is different, with it. */
const cases = [
  {
    query: 'a.example.org. A',
    answer: ['a.example.org. 60 IN A 10.0.0.1', 'a.example.org. 60 IN A 10.0.0.2'],
  },
  { query: 'A.Example.ORG. AAAA', answer: ['A.Example.ORG. 60 IN AAAA fd00::1'] },
  { query: 'a2.example.org. A', answer: ['a2.example.org. 60 IN A 10.0.0.1'] },
  { query: 'a2.example.org. AAAA', answer: [] },
  { query: 'a.example.org. TXT', answer: [] },
  { query: 'x.wild.example.org. A', answer: ['x.wild.example.org. 60 IN A 10.0.0.9'] },
  { query: 'b.wild.example.org. A', answer: ['b.wild.example.org. 60 IN A 10.0.0.8'] },
  { query: 'wild.example.org. A', answer: 'unknown' },
  { query: 'y.x.wild.example.org. A', answer: 'unknown' },
  { query: 'b.example.org. A', answer: 'unknown' },
  { query: 'b.example.org. TXT', answer: 'unknown' },
  {
    query: '1.0.0.10.in-addr.arpa. PTR',
    answer: [
      '1.0.0.10.in-addr.arpa. 60 IN PTR a.example.org.',
      '1.0.0.10.in-addr.arpa. 60 IN PTR a2.example.org.',
    ],
  },
  // Wildcards have none, nor have names outside the zones.
  { query: '9.0.0.10.in-addr.arpa. PTR', answer: 'next' },
  { query: '7.0.0.10.in-addr.arpa. PTR', answer: 'next' },
  { query: 'elsewhere.test. A', answer: 'next' },
] as const

t.test('hosts answers what its lines say', async t => {
  const without = chainOf(`${lines}\nttl 60`)
  const falling = chainOf(`${lines}\nttl 60\nfallthrough`)
  t.teardown(() => [without.close(), falling.close()])
  for (const { query, answer } of cases) {
    for (const chain of [without, falling]) {
      const reply = await chain.ask(query)
      if (answer === 'next' || (answer === 'unknown' && chain === falling))
        t.equal(reply, next, query)
      else if (answer === 'unknown') t.same(renderReply(reply), servfail, query)
      else t.same(renderReply(reply), { ...nodata, answer }, query)
      t.equal(reply.authoritative, typeof answer !== 'string', `${query}: AA`)
    }
  }
})

t.test('hosts lets other zones and types fall through only where it is told to', async t => {
  const chain = chainOf('10.0.0.1 a.example.org\nfallthrough sub.example.org\n')
  const types = chainOf('10.0.0.1 a.example.org\nfallthrough\nfallthrough_unsupported\nno_reverse')
  t.teardown(() => [chain.close(), types.close()])
  t.equal(await chain.ask('x.sub.example.org. A'), next)
  t.equal((await chain.ask('x.example.org. A')).rcode, 2)
  t.equal(await types.ask('a.example.org. TXT'), next)
  t.same(renderReply(await types.ask('a.example.org. AAAA')), nodata)
  t.equal(await types.ask('1.0.0.10.in-addr.arpa. PTR'), next)
})

t.test('hosts refuses what it does not understand', async t => {
  for (const [text, message] of [
    ['falltrough', /Corefile:1: hosts: falltrough is not a property of hosts: known are fall/],
    ['ttl 0', /whole number from 1 to 65535/],
    ['ttl', /ttl: expected/],
    ['reload x', /duration/],
    ['10.0.0.1', /expected a word/],
    ['fallthrough_unsupported', /without fallthrough/],
    ['no_reverse now', /too many arguments/],
  ] as const) {
    t.throws(() => new PluginChain(`. { hosts /nowhere {\n${text}\n} }`), { message }, text)
  }
  t.throws(() => new PluginChain('. {\n hosts\n hosts\n}'), { message: /only once/ })
})

t.test('hosts leaves cluster answers to the fast path but for its own names', async t => {
  const answers = new AnswerWriter()
  answers.setZones([plainZone('cluster.local'), plainZone('in-addr.arpa')])
  const serve = (words: string): PluginChain => {
    const chain = new PluginChain(`. {\n hosts /nowhere ${words}\n}`, { answers })
    t.teardown(() => chain.close())
    return chain
  }
  const own = `{
    10.0.0.1 node.test web.default.svc.cluster.local
    fallthrough
  }`
  const gate = (words: string, question: string): boolean =>
    leavesAlone(serve(words).link('hosts'), question)
  t.equal(
    gate(own, 'db.default.svc.cluster.local.'),
    false,
    'nothing is known before the first load',
  )
  answers.markComplete()
  t.equal(gate(own, 'db.default.svc.cluster.local.'), true)
  t.equal(gate(own, 'web.default.svc.cluster.local.'), false)
  t.equal(gate(own, '1.0.0.10.in-addr.arpa. PTR'), false)
  t.equal(gate(own, '2.0.0.10.in-addr.arpa. PTR'), true)
  t.equal(gate('', 'db.default.svc.cluster.local.'), false, 'SERVFAIL without fallthrough')
  t.equal(gate('test', 'db.default.svc.cluster.local.'), true)
  t.equal(gate('{\n fallthrough cluster.local\n}', 'db.default.svc.cluster.local.'), true)
  t.equal(gate('{\n 10.0.0.1 *.cluster.local\n fallthrough\n}', 'x.cluster.local.'), false)
})
