import t from 'tap'
import type { Reply } from '../handler.ts'
import { queryOf, PluginChain } from '../../../test/support/plugin-chain.ts'
import { leavesAlone } from '../../../test/support/scan-of.ts'

const { name } = queryOf('web.example.')
const record = { name, type: 1, ttlSeconds: 60, rdata: Uint8Array.of(192, 0, 2, 1) }
const full = { answers: [record], authority: [record], additional: [record] }

const cases: readonly [what: string, reply: Partial<Reply>, isCut: boolean][] = [
  ['an answer', full, true],
  ['NODATA', { ...full, answers: [] }, false],
  ['no sections', {}, false],
  ['NXDOMAIN with an alias', { ...full, rcode: 3 }, false],
]

t.test('minimal leaves out what was not asked for', async t => {
  for (const [what, more, isCut] of cases) {
    const behind = { rcode: 0, authoritative: true, ...more }
    const chain = new PluginChain('. {\n minimal\n}', { behind: () => behind })
    const expected = isCut ? { ...behind, authority: [], additional: [] } : behind
    t.strictSame(await chain.ask('web.example.'), expected, what)
  }
})

t.test('minimal leaves cluster answers without an additional section alone', async t => {
  const link = new PluginChain('. {\n minimal\n}').link('minimal')
  for (const type of ['A', 'AAAA', 'PTR', 'TXT']) t.ok(leavesAlone(link, `. ${type}`), type)
  for (const type of ['SRV', 'NS', 'MX']) t.notOk(leavesAlone(link, `. ${type}`), type)
})
