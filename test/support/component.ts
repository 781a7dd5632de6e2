import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Deathwatch } from './deathwatch.ts'

const patienceMs = 60_000
const pauseMs = 30
const lastLines = 15

/** One program of a control plane, with its log in a file. */
export class Component {
  readonly #path: string
  readonly #log: string
  readonly #child: ChildProcess

  constructor(
    path: string,
    args: readonly string[],
    { log, deathwatch }: { readonly log: string; readonly deathwatch: Deathwatch },
  ) {
    this.#path = path
    this.#log = log
    const file = openSync(log, 'a')
    this.#child = spawn(path, args, { stdio: ['ignore', file, file] })
    closeSync(file)
    if (this.#child.pid !== undefined) deathwatch.watch(this.#child.pid)
  }

  /** Waits until it is as `isReady` says. Rejects with the end of the log when it ends before, or when it takes too long. */
  async until(isReady: () => Promise<boolean>): Promise<void> {
    const startedAt = performance.now()
    while (!(await isReady())) {
      const hasEnded = this.#child.exitCode !== null || this.#child.signalCode !== null
      if (hasEnded || performance.now() - startedAt > patienceMs) {
        const said = readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-lastLines)
        throw new Error(`${this.#path} ${hasEnded ? 'ended' : 'is not ready'}:\n${said.join('\n')}`)
      }
      await delay(pauseMs)
    }
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }
}
