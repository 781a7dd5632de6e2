import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterClient } from './cluster-client.ts'

/** Creates Services, dry, now and then, and notes what is refused. */
export class SteadyCreations implements AsyncDisposable {
  readonly #client: ClusterClient
  readonly #everyMs: number
  readonly #stop = new AbortController()
  readonly #failures: string[] = []
  readonly #running: Promise<void>
  #count = 0

  private constructor(client: ClusterClient, everyMs: number) {
    this.#client = client
    this.#everyMs = everyMs
    this.#running = this.#run()
  }

  static start(client: ClusterClient, everyMs: number): SteadyCreations {
    return new SteadyCreations(client, everyMs)
  }

  async end(): Promise<{ readonly count: number; readonly failures: readonly string[] }> {
    this.#stop.abort()
    await this.#running
    return { count: this.#count, failures: this.#failures }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all([this.#create(), sleep(this.#everyMs)])
    }
  }

  async #create(): Promise<void> {
    try {
      await this.#client.send('POST', '/api/v1/namespaces/default/services?dryRun=All', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { generateName: 'trial-' },
        spec: { ports: [{ port: 80 }] },
      })
      this.#count++
    } catch (error) {
      this.#failures.push((error as Error).message)
    }
  }
}
