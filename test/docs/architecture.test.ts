/** ARCHITECTURE.md has a paragraph for every folder of `src/`, and `layers.ts` a row. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { layers } from '../../layers.ts'

const folders = readdirSync('src', { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)
  .sort()

const paragraphs = new Map(
  readFileSync('ARCHITECTURE.md', 'utf8')
    .split(/^## /m)
    .find(section => section.startsWith('Folders'))!
    .split(/^### src\//m)
    .slice(1)
    .map(text => [text.slice(0, text.indexOf('\n')), text] as const),
)

t.test('layers.ts lists the folders of src/', async t => {
  t.same(Object.keys(layers).sort(), folders)
  for (const [folder, { mayImport }] of Object.entries(layers))
    t.same(mayImport.filter(name => !folders.includes(name)), [], `${folder} may import`)
})

t.test('ARCHITECTURE.md has a paragraph for each folder of src/', async t => {
  t.same([...paragraphs.keys()].sort(), folders)
  for (const [folder, text] of paragraphs) {
    t.match(text, /^\*\*Invariant:\*\* /m, `${folder} has an invariant`)
    t.equal(/\bPure\.$/m.test(text), layers[folder]?.pure, `${folder} is called pure when it is`)
  }
})

t.test('documents name files that exist', async t => {
  for (const document of globSync(['*.md', 'docs/**/*.md'])) {
    const text = readFileSync(document, 'utf8')
    const links = [...text.matchAll(/\]\(([^):#]+)\)/g)].map(([, path]) =>
      join(dirname(document), path!),
    )
    const paths = [...text.matchAll(/`((?:src|test|scripts|bench|docs|bin)\/[\w./-]*)`/g)].map(
      ([, path]) => path!,
    )
    t.same(
      [...links, ...paths].filter(path => !existsSync(path)),
      [],
      document,
    )
  }
})
