/**
 * Runs every command of README.md and writes what it printed below it, where that differs in more than times and numbers
 * that vary. test/docs/readme.test.ts compares in the same way.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import {
  normaliseOutput,
  parseSteps,
  type ReadmeStep,
  replaceOutputs,
} from '../test/support/readme-blocks.ts'
import { runSteps } from '../test/support/readme-session.ts'

const markdown = readFileSync('README.md', 'utf8')
const changed = new Map<ReadmeStep, readonly string[]>()
for (const { step, output, exitCode, skipped } of await runSteps(parseSteps(markdown))) {
  if (skipped !== undefined) console.log(`not run (${skipped}): ${step.command}`)
  else if (step.language === 'sh') {
    if (exitCode !== 0) throw new Error(`"${step.command}" ended with ${exitCode}`)
  } else if (!isDeepStrictEqual(normaliseOutput(output), normaliseOutput(step.output))) {
    console.log(`new output: ${step.command}`)
    changed.set(step, output)
  }
}
writeFileSync('README.md', replaceOutputs(markdown, changed))
