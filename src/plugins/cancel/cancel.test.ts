import t from 'tap'
import type { Reply } from '../handler.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'

const found: Reply = { rcode: 0, authoritative: true }

t.test('cancel ends what takes too long with SERVFAIL', async t => {
  const never = new Promise<Reply>(() => {})
  const chain = new PluginChain('. {\n cancel 1ms\n}', { behind: () => never })
  const reply = await chain.ask('web.example.')
  t.match(renderReply(reply), { rcode: 'SERVFAIL' })
  t.equal(reply.error, 'no answer within 1 ms')
  t.equal(chain.link('cancel').leavesClusterAnswers, true)
})

t.test('cancel gives what comes in time', async t => {
  const later = new PluginChain('. {\n cancel\n}', { behind: () => Promise.resolve(found) })
  t.equal(await later.ask('web.example.'), found)
  t.equal(new PluginChain('. {\n cancel\n}', { behind: () => found }).ask('web.example.'), found)
  const failing = new PluginChain('. {\n cancel\n}', { behind: () => Promise.reject(Error('no')) })
  await t.rejects(Promise.resolve(failing.ask('web.example.')), { message: 'no' })
})

t.test('cancel takes a duration above 0', async t => {
  for (const words of ['0s', '-1s', '5', '1s 1s'])
    t.throws(() => new PluginChain(`. {\n cancel ${words}\n}`), { name: 'CorefileError' }, words)
})
