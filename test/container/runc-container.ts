import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { MountedImage } from '../../scripts/image-builder.ts'
import { type PodSecurity, runtimeSpec } from './runtime-spec.ts'

export interface ContainerOptions {
  readonly image: MountedImage
  readonly security: PodSecurity
  /** After the image's entry point, as a pod's `args`. */
  readonly args: readonly string[]
  /** Path in the container ─▶ path here, read-only. */
  readonly volumes: Readonly<Record<string, string>>
  readonly memoryLimitBytes: number
  /** `NAME=value`, beside those of the image. */
  readonly variables?: readonly string[]
  /** The path of a network namespace, that of this process when absent. */
  readonly network?: string
}

/** A container that runc runs. */
export class RuncContainer implements Disposable {
  /** Resolves with the exit code of the program. */
  readonly ended: Promise<number | null>
  out = ''
  err = ''
  readonly #folder = mkdtempSync(join(tmpdir(), 'signpost-container-'))
  readonly #id = `signpost-test-${process.pid}-${Date.now()}`
  readonly #child: ChildProcessByStdio<null, Readable, Readable>

  constructor(options: ContainerOptions) {
    const spec = runtimeSpec(options, this.#id)
    writeFileSync(join(this.#folder, 'config.json'), JSON.stringify(spec))
    this.#child = spawn('runc', this.#runc('run', `--bundle=${this.#folder}`, this.#id), {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout.on('data', chunk => (this.out += String(chunk)))
    this.#child.stderr.on('data', chunk => (this.err += String(chunk)))
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null)
  }

  /** Resolves when standard output has a match; rejects when the program ends before. */
  async says(pattern: RegExp): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = (): void => {
      if (pattern.test(this.out)) resolve()
    }
    this.#child.stdout.on('data', look)
    void this.ended.then(code => reject(new Error(`ended with ${code}: ${this.out}${this.err}`)))
    look()
    await promise
  }

  /** The number of process 1 of the container, as it is here. */
  get pid(): number {
    return JSON.parse(this.#run('state', this.#id)).pid
  }

  /** The most memory that the container has had, page cache included. */
  get peakMemoryBytes(): number {
    return JSON.parse(this.#run('events', '--stats', this.#id)).data.memory.usage.max
  }

  /** Runs another program in the container, as `kubectl exec` does, and gives its output. */
  exec(...command: readonly string[]): string {
    return this.#run('exec', this.#id, ...command)
  }

  kill(signal: 'TERM'): void {
    this.#run('kill', this.#id, signal)
  }

  [Symbol.dispose](): void {
    execFileSync('runc', this.#runc('delete', '--force', this.#id), { stdio: 'ignore' })
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #run(...args: readonly string[]): string {
    return execFileSync('runc', this.#runc(...args), { encoding: 'utf8' })
  }

  #runc(...args: readonly string[]): string[] {
    return [`--root=${this.#folder}/state`, ...args]
  }
}
