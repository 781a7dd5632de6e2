import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { Break, FakeApiCall } from './fake-api-call.ts'
import { FakeApiServer } from './fake-api-server.ts'
import { randomOf } from './random.ts'
import { ReflectedCollection, servicesPath } from './reflected-collection.ts'
import { service } from './reflector-cases.ts'
import { until } from './until.ts'

const operations = 5_000
const names = Array.from({ length: 40 }, (_, i) => `svc-${i}`)
const breaks: readonly Break[] = ['reset', 'cut off', 'end', 'garbage', 'stall']
const refusals = [401, 403, 404, 410, 422, 429, 500, 503, 504] as const

/**
 * A cluster that changes at random behind a server that fails at random, and a reflector of it. Throws where the sink is ever
 * given what there never was, or does not come to what there is once the faults end.
 */
export class ReflectorChaos {
  readonly #random: (below: number) => number
  readonly #server: FakeApiServer
  readonly #seen: ReflectedCollection
  /** `x/web@12 text` of all that there has ever been. */
  readonly #ever = new Set<string>()
  #hasFaults = true
  #texts = 0
  #fault: Error | undefined

  private constructor(server: FakeApiServer, seed: number) {
    this.#random = randomOf(seed)
    this.#server = server
    server.hasStreamedLists = this.#random(4) > 0
    server.behave = call => this.#answer(call)
    this.#seen = new ReflectedCollection(server, {
      timing: {
        firstDelayMs: 1,
        maxDelayMs: 10,
        silenceMs: 80,
        unfinishedMs: 80,
        longWatchMs: 20,
        maxRetryAfterMs: 5,
      },
      random: () => this.#random(1_000_000) / 1_000_000,
      onUpsert: ({ metadata, text }) => {
        const was = `${metadata.name}@${metadata.resourceVersion} ${String(text)}`
        if (!this.#ever.has(was)) this.#fault ??= new Error(`There never was ${was}`)
      },
    })
  }

  static async run(seed: number): Promise<void> {
    await using server = await FakeApiServer.open()
    const chaos = new ReflectorChaos(server, seed)
    await using seen = chaos.#seen
    await chaos.#change()
    chaos.#hasFaults = false
    server.catchUp()
    await seen.equal()
    chaos.#put()
    await seen.equal()
    await seen.stop()
    await until('no connection is left', () => server.openSockets === 0)
    if (chaos.#fault) throw chaos.#fault
  }

  async #change(): Promise<void> {
    for (let done = 0; done < operations; done++) {
      this.#step(this.#random(100))
      // oxlint-disable no-await-in-loop
      if (this.#random(3) === 0) await setImmediate()
      if (this.#random(20) === 0) await sleep(this.#random(4))
      if (this.#random(1500) === 0) await this.#restore()
      // oxlint-enable no-await-in-loop
    }
  }

  #step(which: number): void {
    if (which < 70) this.#put()
    else if (which < 93) this.#server.delete(servicesPath, service(this.#name()))
    else if (which < 94) this.#server.log.compact()
    else if (which < 95) this.#server.hangUp()
    else if (which < 96) this.#server.endWatches()
    else if (which < 97) this.#server.lag()
    else if (which < 99) this.#server.catchUp()
    else this.#server.bookmark()
  }

  #put(): void {
    const text = `${'é'.repeat(this.#random(200))} ${this.#texts++}`
    const { metadata } = this.#server.put(servicesPath, { ...service(this.#name()), text })
    this.#ever.add(`${metadata.name}@${metadata.resourceVersion} ${text}`)
  }

  /**
   * From a backup, and quiet until that has been found out: once the numbers have been given again, nobody can tell old ones
   * from new ones.
   */
  async #restore(): Promise<void> {
    const { log } = this.#server
    this.#hasFaults = false
    this.#server.catchUp()
    const from = this.#server.calls.length
    log.restore(log.version - this.#random(Math.min(50, log.version)))
    this.#server.hangUp()
    await until('it knows that the server has gone back', () =>
      this.#server.calls.slice(from).some(call => seesState(call, log.version)),
    )
    await this.#seen.equal()
    this.#hasFaults = true
  }

  #answer(call: FakeApiCall): void {
    if (!this.#hasFaults) return call.serve()
    const kind = this.#random(20)
    if (kind < 8) return call.breakAfter(this.#random(3000), this.#any(breaks)).serve()
    if (kind < 10) return call.refuse(this.#any(refusals), {}, { 'retry-after': '1' })
    if (kind === 10) return call.reset()
    if (kind === 11) return call.head({ 'content-type': 'text/html' }).text('<p>').end()
    if (kind === 12) return call.head().error(this.#any(refusals)).end()
    // Never an answer, sometimes: that takes as long as silence may last.
    if (kind === 13 && this.#random(3) === 0) return
    call.serve()
  }

  #name(): string {
    return this.#any(names)
  }

  #any<T>(choices: readonly T[]): T {
    return choices[this.#random(choices.length)]!
  }
}

/** Whether this call cannot miss anything of a server that has gone back to `version`. */
function seesState({ kind, query }: FakeApiCall, version: number): boolean {
  const asked = query.get('resourceVersion')
  if (kind === 'watch') return Number(asked) <= version
  return kind === 'init' ? asked === '' || asked === '0' : query.get('limit') !== '1'
}
