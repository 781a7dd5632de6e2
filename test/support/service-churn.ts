import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterClient } from './cluster-client.ts'
import { randomOf, seed } from './random.ts'
import { until } from './until.ts'

const names = 50
const pauseMs = 5
/** A restart of the API server is in it. */
const patienceMs = 60_000

/** Creates, changes and deletes Services of the namespace `default` without pause, also while nobody listens: then it tries again. */
export class ServiceChurn {
  readonly #client: ClusterClient
  readonly #random = randomOf(seed)
  /** Addresses by name; '' for a Service that was deleted. */
  readonly #state = new Map<string, string>()
  readonly #running: Promise<void>
  #done = 0
  #isEnding = false

  constructor(client: ClusterClient) {
    this.#client = client
    this.#running = this.#run()
  }

  /** Waits until so many more steps are done. */
  async steps(count: number): Promise<void> {
    const wanted = this.#done + count
    await until(`${count} changes`, () => this.#done >= wanted, patienceMs)
  }

  /** Ends, and gives what it made of the cluster: the address of each Service, '' of those that are gone. */
  async end(): Promise<ReadonlyMap<string, string>> {
    this.#isEnding = true
    await this.#running
    return this.#state
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      const name = `churn-${this.#random(names)}`
      await this.#persist(() => this.#step(name))
      this.#done++
    }
  }

  /** Half of the time a Service goes, and comes back with another address. */
  async #step(name: string): Promise<void> {
    const path = `/api/v1/namespaces/default/services/${name}`
    await this.#client.delete(path)
    this.#state.set(name, '')
    if (this.#random(2) === 0) return
    await this.#client.put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ port: 80 }] },
    })
    const { spec } = (await this.#client.send('GET', path)) as { spec: { clusterIP: string } }
    this.#state.set(name, spec.clusterIP)
  }

  async #persist(step: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await step()
        return
      } catch {
        // The API server is away: that is what is tested.
        await delay(pauseMs)
      }
    }
  }
}
