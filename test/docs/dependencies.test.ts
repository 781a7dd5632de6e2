/** docs/decisions/0001-dependencies.md and package.json name the same packages. */
import { readFileSync } from 'node:fs'
import t from 'tap'

const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const page = readFileSync('docs/decisions/0001-dependencies.md', 'utf8')

/** The packages in the first column of the table with this head. */
function packagesUnder(head: string): string[] {
  const table = page.split('\n\n').find(part => part.startsWith(`| ${head} |`)) ?? ''
  return [...table.matchAll(/^\| `(\S+)` \|/gm)].map(([, name]) => name!).sort()
}

t.same(packagesUnder('At run time'), Object.keys(dependencies).sort(), 'run-time dependencies')
t.same(
  packagesUnder('For development'),
  Object.keys(devDependencies).sort(),
  'development dependencies',
)
for (const [name, version] of Object.entries<string>({ ...dependencies, ...devDependencies }))
  t.match(version, /^\d+\.\d+\.\d+$/, `${name} has one exact version`)
