import t from 'tap'
import { PluginChain } from '../../../test/support/plugin-chain.ts'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { pprof } from './pprof.ts'

for (const lines of ['pprof', 'pprof :6060', 'pprof localhost:6053 {\n block 10\n}']) {
  t.same(readSettings(pprof, lines), [undefined], lines)
}
t.match(readSettings(pprof, 'pprof {\n block x\n}'), /expected a whole number/)

t.test('the log says that nothing listens', async t => {
  const chain = new PluginChain('. {\n pprof\n}')
  t.match(chain.logged, [/^warn plugin\/pprof: there are no Go profiles here/])
  t.same(chain.chain.links, [], 'queries do not pass here')
  chain.close()
})
