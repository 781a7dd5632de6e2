/**
 * Runs every test file with tap and closes with the one line `N passed, N failed` that people and CI
 * look for. Arguments are passed on: `node scripts/test.ts src/dns`.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const tap = spawn('tap', ['--reporter=tap', ...process.argv.slice(2)], {
  stdio: ['ignore', 'pipe', 'inherit'],
})

let passed = 0
let failed = 0
const failures: string[] = []

for await (const line of createInterface({ input: tap.stdout })) {
  const point = /^(\s*)(not )?ok \d+ - (.*)$/.exec(line)
  if (!point) {
    if (!/^\s*(# Subtest: |\d+\.\.\d+|$)/.test(line)) console.log(line)
    continue
  }
  const [, indent = '', failure, name = ''] = point
  const isFile = indent === ''
  if (isFile) console.log(line)
  if (/ \{$| # time=/.test(line) && !failure) continue
  if (failure) {
    console.log(line)
    failures.push(name)
  }
  if (!isFile && !/ # time=/.test(name)) {
    if (failure) failed++
    else passed++
  }
}

const code = await new Promise<number>(resolve => tap.once('close', status => resolve(status ?? 1)))
if (code !== 0 && failed === 0) failed = Math.max(1, failures.length)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = code === 0 && passed > 0 ? 0 : 1
