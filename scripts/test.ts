/**
 * Runs test files with tap, all of them unless some are named (`node scripts/test.ts src/dns/*.test.ts`), shows files and
 * failures, and closes with the one line `N passed, N failed` that people and CI look for. Skipped ones are neither.
 * All of them together must cover the pure folders as coverage-map.ts says.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const named = process.argv.slice(2)
const coverage = named.length > 0 ? [] : ['--no-disable-coverage', '--coverage-report=text']
const tap = spawn('tap', ['--reporter=tap', ...coverage, ...named], {
  stdio: ['ignore', 'pipe', 'inherit'],
})

/** tap's last word: `# { total: 12, pass: 10, fail: 1, skip: 1 }`. */
let summary = ''
let isUncovered = false
for await (const line of createInterface({ input: tap.stdout })) {
  const point = /^(\s*)(not )?ok \d+ - /.exec(line)
  const isNoise = point ? point[1] !== '' && !point[2] : /^\s*(# Subtest: |\d+\.\.\d+|$)/.test(line)
  if (!isNoise) console.log(line)
  if (line.startsWith('# { total: ')) summary = line
  // The table is printed when something is missing.
  if (line.startsWith('All files ')) isUncovered = true
}

const code = await new Promise<number>(resolve => tap.once('close', status => resolve(status ?? 1)))
const count = (what: string): number =>
  Number(new RegExp(`${what}: (\\d+)`).exec(summary)?.[1] ?? 0)
const passed = count('pass')
// A file that dies, and coverage that is not whole, fails without a failed assertion.
const failed = code === 0 ? count('fail') : Math.max(1, count('fail'))
if (isUncovered) console.log('Not covered by its own test: see the table (coverage-map.ts)')
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = code === 0 && passed > 0 ? 0 : 1
