import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

export interface AdmissionTarget {
  readonly port: number
  /** PEM. */
  readonly ca: string
  readonly body: string
}

/** How long one review took and how large its answer is; connections are kept as an API server keeps them. */
export class AdmissionLoad {
  readonly #target: AdmissionTarget
  readonly #agent: Agent

  constructor(target: AdmissionTarget) {
    this.#target = target
    this.#agent = new Agent({ keepAlive: true, maxFreeSockets: 25, ca: target.ca })
  }

  /** So many a second, whether or not those before have been answered. In milliseconds each, from when each was due. */
  async atRate(perSecond: number, seconds: number): Promise<number[]> {
    const startedAt = performance.now()
    const asked: Promise<number>[] = []
    for (let number = 0; number < perSecond * seconds; number++) {
      const dueAt = startedAt + (number * 1000) / perSecond
      const leftMs = dueAt - performance.now()
      if (leftMs > 1) await sleep(leftMs)
      asked.push(this.#review().then(() => performance.now() - dueAt))
    }
    return await Promise.all(asked)
  }

  /** Reviews in a second when `connections` have one under way all the time. */
  async reviewsPerSecond(connections: number, seconds: number): Promise<number> {
    const endsAt = performance.now() + seconds * 1000
    let done = 0
    const one = async (): Promise<void> => {
      while (performance.now() < endsAt) {
        await this.#review()
        done++
      }
    }
    await Promise.all(Array.from({ length: connections }, one))
    return done / seconds
  }

  close(): void {
    this.#agent.destroy()
  }

  async #review(): Promise<void> {
    const { port, body } = this.#target
    const asking = request({
      host: '127.0.0.1',
      port,
      agent: this.#agent,
      method: 'POST',
      path: '/pods?timeout=2s',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    })
    asking.end(body)
    const [response] = await once(asking, 'response')
    await once(response.resume(), 'end')
    if (response.statusCode !== 200) throw new Error(`a review was answered ${response.statusCode}`)
  }
}
