import t from 'tap'
import { PluginChain } from '../../../test/support/plugin-chain.ts'

t.test('debug is accepted and has no link', async t => {
  t.same(new PluginChain('. {\n debug\n}').chain.links, [])
  t.throws(() => new PluginChain('. {\n debug all\n}'), {
    message: 'Corefile:2: debug: too many arguments: "all"',
  })
})
