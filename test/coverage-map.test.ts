import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import answersFor, { unanswered } from '../coverage-map.ts'
import { layers } from '../layers.ts'

/** How many files without a test there may be. Lower it with every row that goes. */
const mostUnanswered = 47

const root = new URL('../', import.meta.url)
const files = Object.entries(layers)
  .filter(([, { pure }]) => pure)
  .flatMap(([folder]) =>
    readdirSync(new URL(`src/${folder}`, root)).map(at => `src/${folder}/${at}`),
  )
const tests = files.filter(file => file.endsWith('.test.ts'))
const sources = files.filter(file => !file.endsWith('.test.ts'))

function text(file: string): string {
  return readFileSync(new URL(file, root), 'utf8')
}

/** Types and constants leave nothing to cover. */
function hasFunctions(file: string): boolean {
  return /^(export )?(async )?(function|class) |^(export )?const .*=>/m.test(text(file))
}

t.test('answersFor() finds the source that a test is named for', async t => {
  const cases: readonly [test: string, source: string | null][] = [
    ['src/lib/ip.test.ts', 'src/lib/ip.ts'],
    ['src/zone/cluster-zone.aliases.test.ts', 'src/zone/cluster-zone.ts'],
    ['src/zone/cluster-zone.property.test.ts', null],
    ['src/sources/manifest-set.test.ts', null],
    ['test/standalone.test.ts', null],
  ]
  for (const [test, source] of cases) t.equal(answersFor(test), source, test)
})

t.test('every pure file with functions has a test of its own', async t => {
  for (const source of sources.filter(hasFunctions)) {
    if (source in unanswered) continue
    t.ok(
      tests.some(test => answersFor(test) === source),
      source,
    )
  }
})

t.test('the list of files without a test only shrinks', async t => {
  for (const file of Object.keys(unanswered)) {
    t.ok(sources.includes(file), `${file} is a pure file`)
    t.notOk(
      tests.some(test => answersFor(test) === file),
      `${file} has no test: else its row goes`,
    )
  }
  t.equal(Object.keys(unanswered).length, mostUnanswered)
})
