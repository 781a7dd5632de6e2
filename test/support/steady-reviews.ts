import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

interface SteadyReviewsOptions {
  readonly ports: readonly number[]
  readonly servername: string
  /** Between two requests. */
  readonly everyMs: number
  /** The bundle that counts now, PEM. */
  readonly trust: () => Promise<string>
}

interface SteadyReviewsResult {
  readonly answers: number
  readonly failures: readonly string[]
  readonly connections: { readonly kept: number; readonly fresh: number }
}

/** Asks servers in turn as an API server does: each second time over a connection that is kept, else over a new one with the bundle of now. */
export class SteadyReviews implements AsyncDisposable {
  readonly #options: SteadyReviewsOptions
  readonly #stop = new AbortController()
  readonly #agents: readonly Agent[]
  readonly #pending = new Set<Promise<void>>()
  readonly #failures: string[] = []
  readonly #running: Promise<void>
  #answers = 0
  #kept = 0
  #fresh = 0

  private constructor(options: SteadyReviewsOptions, ca: string) {
    this.#options = options
    // With another bundle a connection would have to be a new one: what is kept was checked when it was made.
    this.#agents = options.ports.map(() => new Agent({ keepAlive: true, maxSockets: 1, ca }))
    this.#running = this.#run()
  }

  static async start(options: SteadyReviewsOptions): Promise<SteadyReviews> {
    return new SteadyReviews(options, await options.trust())
  }

  /** Waits for as many more answers or failures. */
  async answered(count: number): Promise<void> {
    const enough = this.#answers + this.#failures.length + count
    const deadline = performance.now() + 30_000
    while (this.#answers + this.#failures.length < enough) {
      if (performance.now() > deadline) throw new Error('Nothing is answered any more')
      // oxlint-disable-next-line no-await-in-loop
      await sleep(5)
    }
  }

  async end(): Promise<SteadyReviewsResult> {
    this.#stop.abort()
    await this.#running
    await Promise.all(this.#pending)
    for (const agent of this.#agents) agent.destroy()
    const connections = { kept: this.#kept, fresh: this.#fresh }
    return { answers: this.#answers, failures: this.#failures, connections }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }

  async #run(): Promise<void> {
    for (let turn = 0; !this.#stop.signal.aborted; turn++) {
      const asked = this.#ask(turn)
      this.#pending.add(asked)
      void asked.finally(() => this.#pending.delete(asked))
      // oxlint-disable-next-line no-await-in-loop
      await sleep(this.#options.everyMs)
    }
  }

  async #ask(turn: number): Promise<void> {
    const { ports, servername, trust } = this.#options
    const index = turn % ports.length
    const isKept = Math.floor(turn / ports.length) % 2 === 0
    try {
      const ca = await trust()
      const asked = request({
        host: '127.0.0.1',
        port: ports[index]!,
        servername,
        ...(isKept ? { agent: this.#agents[index]! } : { agent: false, ca }),
        method: 'POST',
      })
      asked.end('{}')
      const [response] = await once(asked, 'response')
      response.resume()
      await once(response, 'end')
      if (asked.reusedSocket) this.#kept++
      else this.#fresh++
      this.#answers++
    } catch (error) {
      this.#failures.push(`${isKept ? 'kept' : 'fresh'}: ${(error as Error).message}`)
    }
  }
}
