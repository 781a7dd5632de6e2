import t from 'tap'
import type { Query } from '../handler.ts'
import { queryOf, PluginChain } from '../../../test/support/plugin-chain.ts'
import { ReadBlock } from '../build-chain.ts'
import { parseFiles } from '../../../test/support/corefile-files.ts'
import { chainOrder } from '../chain-order.ts'

/** The metadata of a query of a block whose links know `test/name`, as text. */
function collected(corefile: string, question: string): Record<string, string> {
  const chain = new PluginChain(corefile)
  const link = chain.link('metadata')
  const query: Query = queryOf(question, {
    metadata: new Map([['before/all', () => 'of another']]),
  })
  Object.assign(chain.link('errors'), {
    metadata: ({ name }: Query) => [['test/bytes', () => String(name.length)] as const],
  })
  const { metadata } = link.prepare!(query)
  chain.close()
  return Object.fromEntries(Array.from(metadata, ([name, value]) => [name, value()]))
}

t.test('what links know is collected for the zones', async t => {
  const cases: readonly [lines: string, question: string, expected: object][] = [
    ['metadata', 'web.example.', { 'test/bytes': '13' }],
    ['metadata example.', 'web.example.', { 'test/bytes': '13' }],
    ['metadata example.org', 'web.example.', {}],
  ]
  for (const [lines, question, expected] of cases)
    t.same(collected(`. {\n ${lines}\n errors\n}`, question), expected, lines)
})

t.test('it stands first in the chain and takes no block', async t => {
  t.equal(chainOrder[0]!.name, 'metadata')
  const { directives } = parseFiles({ Corefile: '. {\n metadata {\n x\n }\n}' }).blocks[0]!
  t.throws(() => new ReadBlock(directives, { zones: ['.'], port: 53 }), /takes no \{ \} block/)
})

t.test('queries pass with their metadata', async t => {
  let seen: Query | undefined
  const chain = new PluginChain('. {\n metadata\n errors\n}', {
    behind: query => {
      seen = query
      return { rcode: 0, authoritative: true }
    },
  })
  await chain.ask('web.example.')
  t.equal(seen!.metadata.size, 0)
  t.equal(chain.link('metadata').leavesClusterAnswers, true)
  chain.close()
})
