/**
 * Runs test files with tap, all of them unless some are named (`node scripts/test.ts src/dns/*.test.ts`), shows files and
 * failures, and closes with the one line `N passed, N failed` that people and CI look for. Skipped ones are neither.
 * All of them together must cover the pure folders as coverage-map.ts says. Those of test/cluster/ come last and one at a
 * time, because each starts a control plane; where there is none, one line says so.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { whyNoControlPlane } from '../test/support/control-plane-assets.ts'

interface Outcome {
  readonly passed: number
  readonly failed: number
}

const named = process.argv.slice(2)
const ofClusters = named.length > 0 ? named.filter(isOfCluster) : globSync('test/cluster/*.test.ts')
const others = named.filter(file => !isOfCluster(file))
const missing = ofClusters.length > 0 ? whyNoControlPlane() : undefined

const outcomes: Outcome[] = []
if (named.length === 0)
  outcomes.push(await runTap(['--no-disable-coverage', '--coverage-report=text']))
else if (others.length > 0) outcomes.push(await runTap(others))
if (missing !== undefined) console.log(`${missing}: ${ofClusters.length} TEST FILES WERE NOT RUN`)
else if (ofClusters.length > 0) outcomes.push(await runTap(['--jobs=1', ...ofClusters.sort()]))

const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function isOfCluster(file: string): boolean {
  return file.includes('test/cluster/')
}

async function runTap(args: readonly string[]): Promise<Outcome> {
  const tap = spawn('tap', ['--reporter=tap', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  /** tap's last word: `# { total: 12, pass: 10, fail: 1, skip: 1 }`. */
  let summary = ''
  let isUncovered = false
  const closed = new Promise<number>(resolve => tap.once('close', code => resolve(code ?? 1)))
  for await (const line of createInterface({ input: tap.stdout })) {
    const point = /^(\s*)(not )?ok \d+ - /.exec(line)
    const isNoise = point
      ? point[1] !== '' && !point[2]
      : /^\s*(# Subtest: |\d+\.\.\d+|$)/.test(line)
    if (!isNoise) console.log(line)
    if (line.startsWith('# { total: ')) summary = line
    // The table is printed when something is missing.
    if (line.startsWith('All files ')) isUncovered = true
  }
  const code = await closed
  if (isUncovered) console.log('Not covered by its own test: see the table (coverage-map.ts)')
  const count = (what: string): number =>
    Number(new RegExp(`${what}: (\\d+)`).exec(summary)?.[1] ?? 0)
  // A file that dies, coverage that is not whole, and a run without a test fail without a failed assertion.
  const isWell = code === 0 && count('pass') > 0
  return { passed: count('pass'), failed: isWell ? count('fail') : Math.max(1, count('fail')) }
}
