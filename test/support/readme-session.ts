import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { ensureBundle } from './bundle.ts'
import type { ReadmeStep } from './readme-blocks.ts'

/** What a command printed; or why it was not run. */
export interface StepResult {
  readonly step: ReadmeStep
  readonly output: readonly string[]
  readonly exitCode: number
  readonly skipped?: string
}

/** Commands that cannot be run here, each with the reason. */
export const notRun: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'installs into the running checkout; .ci/run runs it',
  'npm ci && npm test': 'is what runs this test; .ci/run runs it',
  'npx signpost serve --kubeconfig ~/.kube/config --listen 127.0.0.1:1056':
    'needs a cluster; test/cluster/ has one',
}
export const digIsMissing = 'dig is not installed'

const defaultPort = 1053
const patienceMs = 5000
const quietMs = 100
/** Makes a process believe that people read its output, without a terminal. */
const asOnTerminal = '--import=data:text/javascript,process.stdout.isTTY=true'

interface RunningServer {
  readonly step: ReadmeStep
  readonly process: ChildProcess
  readonly manifests: string
  output: string
}

/**
 * Runs the commands of a document one after the other, as its reader would: in one folder that has `examples/`, with
 * servers that go on until the end. Ports are free ones; outputs have the ports of the document again.
 */
export async function runSteps(steps: readonly ReadmeStep[]): Promise<StepResult[]> {
  ensureBundle()
  const session = new Session()
  try {
    const results: StepResult[] = []
    for (const step of steps) results.push(await session.run(step))
    const outputs = await session.stopServers()
    return results.map(result => {
      const output = outputs.get(result.step)
      return output ? { ...result, output } : result
    })
  } finally {
    session.close()
  }
}

class Session {
  readonly #folder = mkdtempSync(join(tmpdir(), 'signpost-readme-'))
  readonly #path = mkdtempSync(join(tmpdir(), 'signpost-path-'))
  readonly #servers: RunningServer[] = []
  /** Ports of the document, and those that stand for them. */
  readonly #ports = new Map<number, number>()
  readonly #hasDig = spawnSync('bash', ['-c', 'command -v dig']).status === 0

  constructor() {
    cpSync('examples', join(this.#folder, 'examples'), { recursive: true })
    // What `npx signpost` leads to, without npx's half a second.
    writeFileSync(
      join(this.#path, 'signpost'),
      `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/signpost.js')}" "$@"\n`,
      { mode: 0o755 },
    )
  }

  async run(step: ReadmeStep): Promise<StepResult> {
    const skipped =
      notRun[step.command] ??
      (step.command.startsWith('dig ') && !this.#hasDig ? digIsMissing : undefined)
    if (skipped !== undefined) return { step, output: [], exitCode: 0, skipped }
    const command = plainCommand(step.command)
    if (command.startsWith('signpost serve ')) return this.#serve(step, command)
    const watching = this.#servers.filter(({ manifests }) => writesInto(manifests, command))
    const told = watching.map(({ output }) => output.length)
    const { output, exitCode } = await this.#execute(this.#withPorts(command))
    for (const [i, server] of watching.entries()) {
      await waitUntil(server, () => server.output.length > told[i]!)
      await settle(server)
    }
    return { step, output: this.#linesOf(output), exitCode }
  }

  /** Ends the servers and gives what each has printed until then. */
  async stopServers(): Promise<Map<ReadmeStep, readonly string[]>> {
    const outputs = new Map<ReadmeStep, readonly string[]>()
    for (const server of this.#servers.splice(0)) {
      const closed = once(server.process, 'close')
      server.process.kill('SIGTERM')
      await closed
      if (server.step.language === 'sh') continue
      const lines = this.#linesOf(server.output)
      outputs.set(
        server.step,
        lines.filter(line => !/^\S+ stopping$/.test(line)),
      )
    }
    return outputs
  }

  close(): void {
    for (const server of this.#servers) server.process.kill('SIGKILL')
    for (const folder of [this.#folder, this.#path]) rmSync(folder, { recursive: true })
  }

  async #serve(step: ReadmeStep, command: string): Promise<StepResult> {
    const port = Number(/--listen \S+:(\d+)/.exec(command)?.[1] ?? defaultPort)
    const shell = `exec ${command.replace(/ --listen \S+/g, '')} --listen 127.0.0.1:0`
    const child = spawn('bash', ['-c', shell], {
      cwd: this.#folder,
      env: { ...this.#environment(), NODE_OPTIONS: asOnTerminal },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const manifests = /--manifests (\S+)/.exec(command)![1]!
    const server: RunningServer = { step, process: child, manifests, output: '' }
    this.#servers.push(server)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        server.output += text
        child.emit('told')
      })
    }
    await waitUntil(server, () => server.output.includes('\nTry: '))
    const bound = /^listening +\S+:(\d+)/m.exec(server.output)?.[1]
    if (bound === undefined) throw new Error(`"${step.command}" does not serve: ${server.output}`)
    this.#ports.set(port, Number(bound))
    return { step, output: [], exitCode: 0 }
  }

  #execute(command: string): Promise<{ output: string; exitCode: number }> {
    const options = { cwd: this.#folder, env: this.#environment(), timeout: 20_000 }
    return new Promise(done => {
      execFile('bash', ['-c', `${command} 2>&1`], options, (error, stdout) => {
        done({ output: stdout, exitCode: error ? Number(error.code ?? 1) : 0 })
      })
    })
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, PATH: `${this.#path}:${process.env['PATH']}` }
  }

  #withPorts(command: string): string {
    let text = command
    if (text.startsWith('signpost query ') && !text.includes('--server'))
      text += ` --server 127.0.0.1:${defaultPort}`
    for (const [port, bound] of this.#ports)
      text = text.replaceAll(new RegExp(`\\b${port}\\b`, 'g'), String(bound))
    return text
  }

  #linesOf(output: string): string[] {
    let text = stripVTControlCharacters(output)
    for (const [port, bound] of this.#ports)
      text = text.replaceAll(new RegExp(`\\b${bound}\\b`, 'g'), String(port))
    return text.trimEnd() === '' ? [] : text.trimEnd().split('\n')
  }
}

/** `npx signpost` and `npm start` without npm. */
function plainCommand(command: string): string {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  return command
    .replace(/^npm start$/, scripts.start.replace(/^exec /, ''))
    .replace(/^node bin\/signpost\.js /, 'signpost ')
    .replaceAll('npx signpost ', 'signpost ')
}

/** True for `cp a.yaml FOLDER/`, `echo x > FOLDER/a.yaml`, `rm FOLDER/a.yaml`. */
function writesInto(folder: string, command: string): boolean {
  return new RegExp(` ${folder}/\\S*$`).test(command)
}

/** Until nothing has come for a while: the lines of one change come one by one. */
async function settle(server: RunningServer): Promise<void> {
  for (let seen = -1; seen < server.output.length; await setTimeout(quietMs)) {
    seen = server.output.length
  }
}

/** Until the server has printed what is waited for, has ended, or patience has. */
async function waitUntil(server: RunningServer, isDone: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs)
  while (!isDone() && server.process.exitCode === null && !signal.aborted) {
    await Promise.race([
      once(server.process, 'told', { signal }),
      once(server.process, 'exit', { signal }),
    ]).catch(() => {
      // Out of patience: what is missing in the output is found by whoever compares it.
    })
  }
}
