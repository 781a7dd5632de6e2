import t from 'tap'
import { TroubleLines } from './trouble-lines.ts'

t.test(
  'TroubleLines tells once what concerns several resources, and once that it is over',
  async t => {
    const lines: string[] = []
    const log = (message: string): unknown => lines.push(message)
    const troubles = new TroubleLines('https://api', { info: log, warn: log, error: log })
    const steps: readonly [step: () => void, said: readonly string[]][] = [
      [() => troubles.begin('services', 'refused'), ['refused']],
      [() => troubles.begin('pods', 'refused'), []],
      [() => troubles.begin('pods', 'forbidden'), ['forbidden']],
      [() => troubles.end('services'), []],
      [() => troubles.begin('services', 'refused'), []],
      [() => troubles.end('pods'), ['following pods of https://api again']],
      [() => troubles.end('services'), ['following pods, services of https://api again']],
      [() => troubles.end('services'), []],
      [() => troubles.begin('services', 'refused'), ['refused']],
    ]
    for (const [index, [step, said]] of steps.entries()) {
      lines.length = 0
      step()
      t.strictSame(lines, said, `step ${index}`)
    }
  },
)
