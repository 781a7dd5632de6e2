import t from 'tap'
import { PluginChain, renderReply } from '../../test/support/plugin-chain.ts'

/** Each answers the question in class IN. `chaos` lets questions of other classes into a block. */
const cases: readonly [block: string, question: string][] = [
  ['any', 'web.example. ANY'],
  ['local', 'localhost. A'],
  ['hosts {\n 192.0.2.1 web.example\n }', 'web.example. A'],
  ['hosts {\n 192.0.2.1 web.example\n }', '1.2.0.192.in-addr.arpa. PTR'],
  ['hosts {\n 192.0.2.1 web.example\n }', 'missing.example. A'],
  ['file test/fixtures/none.zone example', 'example. SOA'],
  ['forward . 127.0.0.1:1', 'web.example. A'],
  ['k8s_external example\n kubernetes cluster.local', 'web.example. A'],
  ['whoami', 'web.example. A'],
]

t.test('what a plugin knows is of class IN: RFC 1034 §3.6', async t => {
  for (const [block, question] of cases) {
    const chain = new PluginChain(`. {\n chaos\n ${block}\n}`)
    const other = renderReply(await chain.ask(question, { class: 3 }))
    t.match(other, { rcode: 'REFUSED', answer: [], additional: [] }, question)
    chain.close()
  }
})
