import { hostname } from 'node:os'
import t from 'tap'
import manifest from '../../../package.json' with { type: 'json' }
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'

const long = 'a'.repeat(300)

const cases: readonly [words: string, name: string, texts: readonly string[]][] = [
  ['', 'version.bind', [`Signpost-${manifest.version}`]],
  ['DNS-1 "Ann B" Bob Bob', 'version.server', ['DNS-1']],
  ['DNS-1 "Ann B" Bob Bob', 'authors.bind', ['Ann B', 'Bob']],
  ['', 'authors.bind', ['The Signpost authors']],
  ['', 'hostname.bind', [hostname()]],
  ['', 'id.server', [hostname()]],
  [long, 'version.bind', [long.slice(0, 255)]],
]

t.test('chaos says what the server is', async t => {
  for (const [words, name, texts] of cases) {
    const chain = new PluginChain(`. {\n chaos ${words}\n}`)
    const { rcode, answer } = renderReply(await chain.ask(`${name}. TXT`, { class: 3 }))
    t.equal(rcode, 'NOERROR')
    t.same(
      answer.toSorted(),
      texts.map(text => `${name}. 0 IN TXT "${text}"`),
      name,
    )
  }
})

t.test('chaos leaves other questions to the next plugin', async t => {
  const chain = new PluginChain('. {\n chaos\n}')
  for (const [question, number] of [
    ['version.bind. TXT', 1],
    ['version.bind. A', 3],
    ['version.example. TXT', 3],
  ] as const) {
    const reply = await chain.ask(question, { class: number })
    t.match(renderReply(reply), { rcode: 'REFUSED' }, question)
  }
  t.match(chain.link('chaos'), { takesOtherClasses: true, leavesClusterAnswers: true })
})
