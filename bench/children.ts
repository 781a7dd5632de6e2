import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** How long a process may take to end before it is killed: a probe has minutes of answers to judge. */
const endPatienceMs = 60_000

export interface Child {
  readonly pid: number
  /** Lines of standard output as they come; to be called once. */
  lines(): AsyncIterable<string>
  isAlive(): boolean
  /** Ends it by its process id; waits until it is gone. */
  end(): Promise<void>
}

/** The processes of a run. Each is ended by its own id. */
export class Children {
  readonly #running = new Set<ChildProcess>()
  readonly #commands = new Set<string>()
  readonly #folder: string

  /** `folder` is shown as `$TMP` in the list of commands. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** What was run, as it would be typed; each command once. */
  get commands(): readonly string[] {
    return [...this.#commands]
  }

  /** Starts a server or another process that lives on. Its errors go to standard error. */
  start(command: string, args: readonly string[]): Child {
    const child = this.#spawn(command, args)
    const { stdout } = child
    return {
      pid: child.pid!,
      lines: () => createInterface({ input: stdout! }),
      isAlive: () => isAlive(child),
      end: () => this.#end(child),
    }
  }

  /** Runs a command to its end. Rejects when it fails. */
  async run(command: string, args: readonly string[]): Promise<string> {
    const child = this.#spawn(command, args)
    let text = ''
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    await this.#success(child, command)
    return text
  }

  /** Runs a command to its end with its output in a file. Rejects when it fails. */
  async runInto(file: string, command: string, args: readonly string[]): Promise<void> {
    const child = this.#spawn(command, args)
    const written = once(child.stdout!.pipe(createWriteStream(file)), 'finish')
    await this.#success(child, command)
    await written
  }

  endAllNow(): void {
    for (const child of this.#running) child.kill('SIGKILL')
  }

  #spawn(command: string, args: readonly string[]): ChildProcess {
    this.#commands.add(this.#render([command, ...args]))
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    return child
  }

  async #success(child: ChildProcess, command: string): Promise<void> {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    if (code !== 0) throw new Error(`Cannot finish "${command}": it ended with ${code ?? signal}`)
  }

  async #end(child: ChildProcess): Promise<void> {
    if (!isAlive(child)) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), endPatienceMs)
    await gone
    clearTimeout(patience)
  }

  #render(words: readonly string[]): string {
    return (
      words
        .map(word => (word === process.execPath ? 'node' : word.replaceAll(this.#folder, '$TMP')))
        .map(word => word.replaceAll(`${process.cwd()}/`, ''))
        .join(' ')
        .replace(/(-p| bench\/probe\.ts |--listen=127\.0\.0\.1:)[1-9]\d*/, '$1$PORT')
        // Of a control plane, which has a folder of its own.
        .replace(/=\S+\/signpost-cluster-\w+\/(\w+)-\d+/, '=$CLUSTER/$1-$PORT')
    )
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}
