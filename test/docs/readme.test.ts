/** Every command of the README, run. `node scripts/readme.ts` writes the outputs anew. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { normaliseOutput, parseSteps } from '../support/readme-blocks.ts'
import { digIsMissing, notRun, runSteps } from '../support/readme-session.ts'

const steps = parseSteps(readFileSync('README.md', 'utf8'))

t.test('README.md starts with the two commands of a newcomer', async t => {
  t.same(
    steps.slice(0, 2).map(({ command }) => command),
    ['npm ci && npm start', 'npm ci && npm test'],
  )
})

t.test('the commands of README.md print what stands there', async t => {
  const results = await runSteps(steps)
  const withoutDig = results.filter(({ skipped }) => skipped === digIsMissing)
  if (withoutDig.length > 0) {
    t.comment(`${digIsMissing.toUpperCase()}: ${withoutDig.length} COMMANDS OF README.md WERE NOT RUN`)
  }
  for (const { step, output, exitCode, skipped } of results) {
    if (skipped !== undefined) continue
    const place = `README.md:${step.line} ${step.command}`
    if (step.language === 'sh') t.same({ exitCode, output }, { exitCode: 0, output }, place)
    else t.same(normaliseOutput(output), normaliseOutput(step.output), place)
  }
})

t.test('what is not run still stands in README.md', async t => {
  const commands = new Set(steps.map(({ command }) => command))
  for (const command of Object.keys(notRun)) t.ok(commands.has(command), command)
})
