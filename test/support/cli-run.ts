import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { commands } from '../../src/cli/commands.ts'
import { runCli } from '../../src/cli/cli.ts'

export interface CliRun {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command line in this process; `stop` ends it as Ctrl-C would. */
export async function runHere(
  args: readonly string[],
  { stop = AbortSignal.timeout(20_000), isTerminal = false, input = '' } = {},
): Promise<CliRun> {
  const written = { out: '', err: '' }
  const code = await runCli(commands, args, {
    out: text => void (written.out += text),
    err: text => void (written.err += text),
    isTerminal,
    readInput: () => Promise.resolve(Buffer.from(input)),
    onReload: () => {},
    stop: () => stop,
  })
  return { code, ...written }
}

/** The program as a process of its own, from the sources; killed with `using` if it is still there. */
export class CliProcess implements Disposable {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  out = ''
  err = ''

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...environment }
    this.child = spawn(process.execPath, ['src/cli/main.ts', ...args], { env })
    this.child.stdout.on('data', chunk => (this.out += String(chunk)))
    this.child.stderr.on('data', chunk => (this.err += String(chunk)))
    this.ended = once(this.child, 'close').then(([code, signal]) => ({ code, signal }))
  }

  /** Waits until standard output has a match and gives its first group; rejects when the process ends before. */
  async says(pattern: RegExp): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const look = (): void => {
      const match = pattern.exec(this.out)
      if (match) resolve(match[1] ?? '')
    }
    this.child.stdout.on('data', look)
    this.child.once('close', () => reject(new Error(`ended without ${pattern}: ${this.err}`)))
    look()
    return promise
  }

  /** The port of 127.0.0.1 that a server says it listens on. */
  async port(): Promise<number> {
    return Number(await this.says(/"listen":"127\.0\.0\.1:(\d+)/))
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL')
  }
}
