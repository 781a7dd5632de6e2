import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import type { Change } from '../../src/objects/change.ts'
import type { Binding } from '../../src/server/binding.ts'
import { ServingThreads } from '../../src/server/serving-threads.ts'
import { ServiceStore } from '../../src/store/service-store.ts'
import { ClusterZone } from '../../src/zone/cluster-zone.ts'
import { quietThreads, servingConfiguration } from './serving-configuration.ts'

const serverEntry = new URL('../../src/server/worker.ts', import.meta.url)

interface Setting {
  readonly count?: number
  readonly entry?: URL
  /** `kubernetes` alone when absent. */
  readonly corefile?: string | undefined
}

/** The serving half of the program with a cluster zone behind it, on a free loopback port. */
export class ServedZone implements AsyncDisposable {
  readonly logged: string[] = []
  readonly #writer = new AnswerWriter()
  readonly #zone = new ClusterZone({ localAddresses: ['172.9.0.1'] }, this.#writer)
  readonly #store = new ServiceStore()
  #threads: ServingThreads | undefined

  static async start({
    count = 1,
    entry = serverEntry,
    corefile,
  }: Setting = {}): Promise<ServedZone> {
    const served = new ServedZone()
    served.#threads = await ServingThreads.start({
      ...quietThreads(served.logged),
      entry,
      count,
      configuration: servingConfiguration(served.#writer, corefile),
      onExit: index => served.#writer.releaseReader(index),
    })
    served.#writer.markComplete()
    return served
  }

  get binding(): Binding {
    return this.#threads!.bindings[0]!
  }

  apply(changes: readonly Change[]): void {
    this.#zone.apply(this.#store.apply(changes), 1_700_000_000)
    this.#writer.endBatch()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads?.close()
  }
}
