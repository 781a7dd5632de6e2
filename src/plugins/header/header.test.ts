import t from 'tap'
import type { Query, Reply } from '../handler.ts'
import { PluginChain } from '../../../test/support/plugin-chain.ts'
import { leavesAlone } from '../../../test/support/scan-of.ts'

const plain: Reply = { rcode: 0, authoritative: false, recursionAvailable: true }

const cases: readonly [rules: string, reply: object, rd: boolean, isFast: boolean][] = [
  ['response set aa', { authoritative: true, recursionAvailable: true }, true, true],
  ['response clear ra', { authoritative: false, recursionAvailable: false }, true, true],
  ['response set AA RD', { authoritative: true, recursionDesired: true }, true, false],
  ['response set aa\n response clear aa', { authoritative: false }, true, false],
  ['response set ra', { recursionAvailable: true }, true, false],
  ['query clear rd aa ra', plain, false, true],
]

t.test('header sets and clears flags', async t => {
  for (const [rules, reply, recursionDesired, isFast] of cases) {
    const seen: Query[] = []
    const chain = new PluginChain(`. {\n header {\n ${rules}\n }\n}`, {
      behind: query => (seen.push(query), plain),
    })
    t.match(await chain.ask('web.example.'), reply, rules)
    t.equal(seen[0]!.recursionDesired, recursionDesired, rules)
    t.equal(leavesAlone(chain.link('header'), 'web.example.'), isFast, rules)
  }
})

const faults: readonly [block: string, message: string][] = [
  ['', 'Corefile:2: header: expected a block with query or response rules'],
  ['{\n}', 'Corefile:2: header: expected a block with query or response rules'],
  ['{\n query set\n}', 'expected one of aa, ra, rd at the end of the line'],
  ['{\n query set tc\n}', 'expected one of aa, ra, rd, not "tc"'],
  ['{\n query flip aa\n}', 'expected one of set, clear, not "flip"'],
  ['{\n answer set aa\n}', 'answer is not a property of header: known are query, response'],
]

t.test('header says what is wrong with its rules', async t => {
  for (const [block, message] of faults) {
    t.throws(() => new PluginChain(`. {\n header ${block}\n}`), { message: new RegExp(message) })
  }
})
