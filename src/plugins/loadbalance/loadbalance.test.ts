import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseRecord, renderRecord } from '../../dns/record-text.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { parseName } from '../../dns/wire-name.ts'
import type { Reply } from '../handler.ts'
import { PluginChain } from '../../../test/support/plugin-chain.ts'
import { parseWeights, type Weights } from './parse-weights.ts'
import { WeightFile } from './weight-file.ts'
import { weightedFirst } from './weighted-order.ts'

/** `A 192.0.2.1` as a record of web.example. */
function records(lines: readonly string[]): ResourceRecord[] {
  return lines.map(line => {
    const parsed = parseRecord(`web ${line}`, { origin: parseName('example')!, ttlSeconds: 60 })
    if ('error' in parsed) throw new Error(parsed.error)
    return parsed.record
  })
}

function lines(section: readonly ResourceRecord[] = []): string[] {
  return section.map(record => renderRecord(record).replace('web.example. 60 IN ', ''))
}

const four = ['A 192.0.2.1', 'A 192.0.2.2', 'A 10.0.0.1', 'AAAA 2001:db8::1']

/** The orders that a section comes in within 300 queries. */
async function ordersOf(corefile: string, reply: Partial<Reply>): Promise<Set<string>> {
  const behind = { rcode: 0, authoritative: false, ...reply }
  const chain = new PluginChain(`. {\n loadbalance ${corefile}\n}`, { behind: () => behind })
  const orders = new Set<string>()
  for (let i = 0; i < 300; i++) {
    const { answers, authority, additional } = await chain.ask('web.example.')
    orders.add([answers, authority, additional].map(section => lines(section).join()).join('|'))
  }
  chain.close()
  return orders
}

t.test('round_robin shuffles addresses and MX records of each section', async t => {
  const answers = records(['MX 1 a.', 'A 192.0.2.1', 'A 192.0.2.2', 'TXT a', 'CNAME b.', 'MX 2 a.'])
  const orders = await ordersOf('', { answers, authority: [], additional: records(four) })
  const sections = [...orders].map(order => order.split('|'))
  t.equal(new Set(sections.map(([answer]) => answer)).size, 4)
  t.equal(new Set(sections.map(([, , additional]) => additional)).size, 24)
  for (const [answer] of sections)
    t.match(answer, /^CNAME b\.,TXT "a",A .+,A .+,MX . a\.,MX . a\.$/)
})

t.test('nothing but NOERROR is shuffled', async t => {
  t.equal((await ordersOf('', { answers: records(four), rcode: 3 })).size, 1)
  t.equal((await ordersOf('', { answers: records(four), moreAnswers: [] })).size, 1)
})

t.test('prefer puts addresses of its networks first', async t => {
  const orders = await ordersOf('round_robin {\n prefer 2001:db8::/32 10.0.0.0/8\n}', {
    answers: records(four),
  })
  t.same([...orders].toSorted(), [
    'AAAA 2001:db8::1,A 10.0.0.1,A 192.0.2.1,A 192.0.2.2||',
    'AAAA 2001:db8::1,A 10.0.0.1,A 192.0.2.2,A 192.0.2.1||',
  ])
})

t.test('weighted moves one address to the front, by its weight', async t => {
  const weights = parseWeights('WEB.example\n192.0.2.1 1\n192.0.2.2 3\n10.0.0.1 2') as Weights
  const addresses = records(four)
  const cases = [
    [0, 'A 192.0.2.1'],
    [1 / 7, 'A 192.0.2.2'],
    [3.9 / 7, 'A 192.0.2.2'],
    [4 / 7, 'A 10.0.0.1'],
    [6 / 7, 'AAAA 2001:db8::1'],
    [1, 'A 192.0.2.1'],
  ] as const
  for (const [chance, first] of cases) {
    const ordered = lines(weightedFirst(addresses, weights, chance))
    t.equal(ordered[0], first, `${chance}`)
    t.same(ordered.toSorted(), four.toSorted())
  }
})

t.test('a file of weights is read again, and a wrong one leaves the last weights', async t => {
  const file = join(t.testdir(), 'weights')
  const logged: string[] = []
  const note = (_: string, text: string): void => void logged.push(text)
  const log = { info: note, warn: note, error: note, line: () => {} }
  const weights = new WeightFile({ file, reloadMs: 60_000 }, log)
  t.teardown(() => weights.close())
  await weights.read()
  t.match(logged, [/^Cannot read weights: ENOENT/])
  t.equal(logged.length, 1)
  const steps: readonly [text: string, count: number, logged: RegExp | undefined][] = [
    ['a\n192.0.2.1 1', 1, undefined],
    ['a\n192.0.2.1 1\nb', 2, /^Successfully reloaded weight file/],
    ['192.0.2.1 1', 2, /weights: line 1: the name/],
    ['192.0.2.1 1', 2, undefined],
    ['c', 1, /^Successfully/],
  ]
  for (const [text, count, line] of steps) {
    logged.length = 0
    writeFileSync(file, text)
    await weights.read()
    t.equal(weights.weights.size, count, text)
    t.match(logged, line ? [line] : { length: 0 }, text)
  }
})

t.test('weighted answers by its file', async t => {
  const dir = t.testdir({ weights: 'web.example\n192.0.2.2 255' })
  const orders = await ordersOf(`weighted ${dir}/weights {\n reload 0s\n prefer 10.0.0.0/8\n}`, {
    answers: records(['A 192.0.2.2', 'A 10.0.0.1']),
  })
  t.same([...orders], ['A 10.0.0.1,A 192.0.2.2||'])
  const chain = new PluginChain(`. {\n loadbalance weighted ${dir}/weights\n}`)
  t.match(await chain.ask('web.example. TXT'), { rcode: 5 })
  chain.close()
})

t.test('loadbalance keeps the fast path where the table does its work', async t => {
  for (const [words, expected] of [
    ['', true],
    ['round_robin', true],
    ['round_robin {\n prefer 10.0.0.0/8\n}', false],
  ] as const) {
    const chain = new PluginChain(`. {\n loadbalance ${words}\n}`)
    t.equal(chain.link('loadbalance').leavesClusterAnswers, expected, words)
  }
})

const faults: readonly [words: string, message: string][] = [
  ['random', 'expected one of round_robin, weighted, not "random"'],
  ['weighted', 'expected a word at the end of the line'],
  ['round_robin x', 'too many arguments: "x"'],
  ['{\n reload 5s\n}', 'there is no file to read again without weighted'],
  ['{\n prefer 10.0.0.0/33\n}', 'expected a network like'],
  ['{\n other\n}', 'other is not a property of loadbalance'],
]

t.test('loadbalance says what is wrong', async t => {
  for (const [words, message] of faults) {
    const corefile = `. {\n loadbalance ${words}\n}`
    t.throws(() => new PluginChain(corefile), { message: new RegExp(message) }, words)
  }
})
