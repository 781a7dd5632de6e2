import t from 'tap'
import type { Handler, Query } from '../handler.ts'
import { exchangeOf } from '../../../test/support/exchange.ts'
import { queryOf, PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { ReadBlock } from '../build-chain.ts'
import { parseFiles } from '../../../test/support/corefile-files.ts'
import { ServedBlock } from '../../server/served-block.ts'
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

/** A block with a link that uses what `kubernetes` knows. The cluster is empty. */
function clusterChain(lines: string, behind?: Handler): PluginChain {
  const corefile = `. {\n metadata\n kubernetes cluster.local\n ${lines}\n}`
  return new PluginChain(corefile, behind ? { behind } : {})
}

const asked = '_http._tcp.web.shop.svc.cluster.local.'

t.test('log writes what kubernetes knows', async t => {
  const label = [
    'namespace',
    'service',
    'port-name',
    'protocol',
    'endpoint',
    'kind',
    'client-pod-name',
  ]
  const chain = clusterChain(`log . "${label.map(name => `{/kubernetes/${name}}`).join(',')}"`)
  const reply = { rcode: 0, authoritative: true }
  for (const name of [asked, 'example.org.']) {
    const { metadata } = chain.chain.prepare(queryOf(name))
    chain.link('log').observe!(exchangeOf(name, reply, { asked: { metadata } }))
  }
  chain.close()
  t.strictSame(chain.logged, ['shop,web,http,tcp,,svc,-\n-,-,-,-,-,-,-'])
  const isFast = (lines: string): boolean => {
    const { chain: block } = clusterChain(lines)
    return new ServedBlock([], block).limits !== undefined
  }
  t.strictSame(
    [isFast('errors'), isFast('log')],
    [true, false],
    'nobody else asks on the fast path',
  )
})

t.test('rewrite hands on what kubernetes knows', async t => {
  let seen: Query | undefined
  const chain = clusterChain('rewrite edns0 local set 0xffee {kubernetes/service}', query => {
    seen = query
    return { rcode: 0, authoritative: true }
  })
  await chain.ask(asked)
  t.strictSame(seen!.edns!.options, [{ code: 0xffee, data: new TextEncoder().encode('web') }])
  await chain.ask('example.org.')
  t.equal(seen!.edns, undefined)
  chain.close()
})

t.test('view chooses by what kubernetes knows', async t => {
  const chain = clusterChain("view shop {\n expr metadata('kubernetes/namespace') == 'shop'\n }")
  const block = new ServedBlock([], chain.chain)
  t.equal(block.accepts(queryOf(asked)), true)
  t.equal(block.accepts(queryOf('web.default.svc.cluster.local.')), false)
  t.equal(block.accepts(queryOf('example.org.')), false)
  chain.close()
})

t.test('template answers with what kubernetes knows', async t => {
  const known = String.raw`{{ .Meta \"kubernetes/namespace\" }}/{{ .Meta \"kubernetes/kind\" }}`
  const chain = clusterChain(`template IN TXT . {\n answer "{{ .Name }} 0 IN TXT in-${known}"\n }`)
  const answerTo = async (name: string): Promise<unknown> =>
    renderReply(await chain.ask(`${name} TXT`)).answer
  t.strictSame(await answerTo(asked), [`${asked} 0 IN TXT "in-shop/svc"`])
  t.strictSame(await answerTo('example.org.'), ['example.org. 0 IN TXT "in-/"'])
  chain.close()
})

t.test('without metadata nothing is worked out', async t => {
  const chain = new PluginChain('. {\n kubernetes cluster.local\n log . {/kubernetes/kind}\n}')
  const query = queryOf(asked)
  t.equal(chain.chain.prepare(query), query)
  chain.close()
})
