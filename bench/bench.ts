import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Children } from './children.ts'

/** What one run shares: its processes, its folder, and how patient it is. Everything ends with `close`. */
export class Bench {
  readonly pace: Pace
  readonly folder = mkdtempSync(join(tmpdir(), 'signpost-bench-'))
  readonly children = new Children(this.folder)
  readonly #startedAt = performance.now()

  constructor(pace: Pace) {
    this.pace = pace
  }

  /** One line on standard error, with the seconds since the start. */
  progress(message: string): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(0)
    process.stderr.write(`${seconds.padStart(4)} s  ${message}\n`)
  }

  /** Ends every process and removes every file. Works in an exit handler. */
  close(): void {
    this.children.endAllNow()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** How long everything takes: for figures that count, and for trying. */
export interface Pace {
  readonly name: 'full' | 'quick'
  readonly echoRounds: number
  readonly throughputRounds: number
  readonly roundSeconds: number
  readonly choiceSeconds: number
  readonly lossSeconds: number
  readonly quietSeconds: number
  readonly floodSeconds: number
  readonly replacements: number
  readonly edits: number
  readonly starts: number
  readonly changes: number
  readonly relists: number
  readonly outageSeconds: number
}

export const fullPace: Pace = {
  name: 'full',
  echoRounds: 7,
  throughputRounds: 7,
  roundSeconds: 4,
  choiceSeconds: 2,
  lossSeconds: 20,
  quietSeconds: 10,
  floodSeconds: 20,
  replacements: 3,
  edits: 50,
  starts: 3,
  changes: 200,
  relists: 2,
  outageSeconds: 300,
}

export const quickPace: Pace = {
  name: 'quick',
  echoRounds: 3,
  throughputRounds: 2,
  roundSeconds: 1,
  choiceSeconds: 1,
  lossSeconds: 3,
  quietSeconds: 3,
  floodSeconds: 5,
  replacements: 1,
  edits: 20,
  starts: 1,
  changes: 50,
  relists: 1,
  outageSeconds: 20,
}

/** The cluster that everything but the small cases is measured on. */
export const bigCluster = { services: 10_000, endpointsPerService: 10 } as const
