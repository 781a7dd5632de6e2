import t from 'tap'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { leavesAlone } from '../../../test/support/scan-of.ts'

const chain = new PluginChain('. {\n any\n}')
t.teardown(() => chain.close())

t.test('any answers ANY with HINFO, and nothing else', async t => {
  t.match(renderReply(await chain.ask('web.example. ANY')), {
    rcode: 'NOERROR',
    answer: ['web.example. 8482 IN HINFO "ANY obsoleted" "See RFC 8482"'],
  })
  t.match(renderReply(await chain.ask('web.example. A')), { rcode: 'REFUSED', answer: [] })
})

t.test('any leaves cluster answers alone', async t => {
  t.ok(leavesAlone(chain.link('any'), 'web.example. A'))
})
