/** docs/differences.md leads to the README of every plugin, and has a row for each whose README speaks of CoreDNS. */
import { globSync, readFileSync } from 'node:fs'
import t from 'tap'

const section = readFileSync('docs/differences.md', 'utf8').split('\n## Plugins\n')[1] ?? ''
const readmes = globSync('src/plugins/*/README.md').toSorted()

t.test('docs/differences.md leads to the README of every plugin', async t => {
  const linked = [...section.matchAll(/\[\w+\]\(\.\.\/(src\/plugins\/\w+\/README\.md)\)/g)]
  t.same([...new Set(linked.map(([, path]) => path!))].toSorted(), readmes)
})

t.test('docs/differences.md has a row for every plugin that differs from CoreDNS', async t => {
  for (const path of readmes) {
    const text = readFileSync(path, 'utf8').replaceAll(/as (in|with)\s+CoreDNS/g, '')
    if (text.includes('CoreDNS')) t.match(section, `\n| [${path.split('/')[2]}](`, path)
  }
})
