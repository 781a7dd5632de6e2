import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Ends when its input does, which is also when whoever started it dies, and then ends all that it was told of. */
const script = `
pids=
while read -r word; do
  if [ "$word" = done ]; then exit 0; fi
  pids="$pids $word"
done
kill -9 $pids 2> /dev/null
rm -rf "$1"
`

/**
 * Ends processes and removes a folder when this process dies, whichever way: SIGKILL and a time limit leave no time to
 * clean up.
 */
export class Deathwatch implements AsyncDisposable {
  readonly #shell: ChildProcessByStdio<Writable, null, null>

  constructor(folder: string) {
    // In a group of its own: Ctrl-C at a terminal must not end it first.
    this.#shell = spawn('sh', ['-c', script, 'deathwatch', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
  }

  watch(pid: number): void {
    this.#shell.stdin.write(`${pid}\n`)
  }

  /** Nothing is left to watch. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#shell.exitCode !== null) return
    const closed = once(this.#shell, 'close')
    this.#shell.stdin.end('done\n')
    await closed
  }
}
