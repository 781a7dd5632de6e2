import type { Test } from 'tap'
import { CliProcess } from './cli-run.ts'
import { freePort } from './free-port.ts'
import { askShort, checkBecomes } from './short-answer.ts'

/** What `shouldBecome` lets pass: relisting with back-off is in it. */
const patienceMs = 20_000

/** `signpost serve` for a real cluster as a process of its own, on a free port of 127.0.0.1: `await using`. */
export class ServedCluster implements AsyncDisposable {
  readonly process: CliProcess
  readonly port: number

  private constructor(port: number, flags: readonly string[]) {
    this.port = port
    // prettier-ignore
    this.process = new CliProcess(['serve', '--listen', `127.0.0.1:${port}`, '--workers', '1', ...flags])
  }

  /** Waits until it serves what the API server of a kubeconfig has. */
  static async start(kubeconfig: string, ...flags: readonly string[]): Promise<ServedCluster> {
    const served = await ServedCluster.open('--kubeconfig', kubeconfig, ...flags)
    try {
      await served.process.says(/"message":"serving"/)
    } catch (error) {
      await served[Symbol.asyncDispose]()
      throw error
    }
    return served
  }

  /** Waits for nothing. */
  static async open(...flags: readonly string[]): Promise<ServedCluster> {
    return new ServedCluster(await freePort(), flags)
  }

  ask = async (name: string, type?: string): Promise<string> =>
    askShort({ address: '127.0.0.1', family: 'IPv4', port: this.port }, name, type)

  async becomes(t: Test, question: string, wanted: string | RegExp): Promise<void> {
    await checkBecomes(t, { ask: this.ask, question, wanted, patienceMs })
  }

  /** Messages of the log so far, warnings and errors. */
  get complaints(): string[] {
    const lines = this.process.out.split('\n').filter(line => /"level":"(warn|error)"/.test(line))
    return lines.map(line => String(JSON.parse(line).message))
  }

  /** Waits until there are so many warnings and errors, and gives them. */
  async complains(count: number): Promise<string[]> {
    await this.process.says(new RegExp(`("level":"(warn|error)"[^]*){${count}}`))
    return this.complaints
  }

  /** Ends it as a kubelet would. Rejects when it does not end in order. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.process.child.kill('SIGTERM')
    const timer = setTimeout(() => this.process[Symbol.dispose](), patienceMs)
    const { code } = await this.process.ended
    clearTimeout(timer)
    // 143: the signal came before it was told that there is anything to end in order.
    if (code !== 0 && code !== 143)
      throw new Error(`signpost ended with ${code}: ${this.process.err}`)
  }
}
