import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { ReadBlock } from '../../src/plugins/build-chain.ts'
import { chainOrder } from '../../src/plugins/chain-order.ts'
import { parseFiles } from '../support/corefile-files.ts'

const folder = new URL('../../src/plugins/', import.meta.url)
const names = readdirSync(folder, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)

t.test('every folder of src/plugins is a plugin of the chain, and every plugin a folder', async t => {
  t.strictSame(names.toSorted(), chainOrder.map(({ name }) => name).toSorted())
})

for (const name of names) {
  t.test(`the README of ${name} says how to use it, with Corefiles that load`, async t => {
    const text = readFileSync(new URL(`${name}/README.md`, folder), 'utf8')
    t.match(text, new RegExp(`^# ${name}\n`))
    for (const title of ['Syntax', 'Options', 'Metrics', 'Examples']) t.match(text, `## ${title}\n`)
    const examples = [...text.matchAll(/```corefile\n([^]*?)```/g)].map(match => match[1]!)
    t.not(examples.length, 0)
    for (const example of examples) {
      t.match(example, name)
      for (const { keys, directives } of parseFiles({ Corefile: example }).blocks) {
        const place = { zones: keys.map(({ zone }) => zone), port: keys[0]!.port }
        t.doesNotThrow(() => new ReadBlock(directives, place), example)
      }
    }
  })
}
