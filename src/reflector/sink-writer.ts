import { KnownNames } from './known-names.ts'
import type { ReflectorCounters } from './reflector-counters.ts'
import type { ReflectorObserver, ReflectorPhase } from './reflector-observer.ts'
import type { ApiObject, ObjectName, ReflectorSink } from './reflector-sink.ts'
import { isOlderVersion } from './resource-version.ts'

export interface SinkWriterOptions {
  readonly sink: ReflectorSink
  readonly observer: ReflectorObserver
  readonly counters: ReflectorCounters
}

/** Tells the sink only what is new to it, and lets nothing that it throws reach the stream. */
export class SinkWriter {
  readonly #sink: ReflectorSink
  readonly #observer: ReflectorObserver
  readonly #counters: ReflectorCounters
  readonly #known = new KnownNames()
  /** Whether the owner of the sink has been told of what was written. */
  #untold: 'nothing' | 'put off' | 'new' = 'nothing'
  /** Up to this version the sink should have had everything. */
  #verifiedVersion: string | undefined

  constructor({ sink, observer, counters }: SinkWriterOptions) {
    this.#sink = sink
    this.#observer = observer
    this.#counters = counters
  }

  /** All objects follow. With `verifiedVersion` what is found to be wrong up to it counts as drift. */
  beginSync(verifiedVersion: string | undefined): void {
    this.#known.beginMark()
    this.#verifiedVersion = verifiedVersion
  }

  /** All objects have been seen: the rest goes. */
  finishSync(): void {
    for (const name of this.#known.sweep()) {
      this.#counters.swept++
      if (this.#verifiedVersion !== undefined) this.#counters.drift++
      this.#tell(name, () => this.#sink.delete(name))
    }
    this.#verifiedVersion = undefined
  }

  upsert(object: ApiObject): void {
    if (!this.#known.see(object)) return
    const { namespace = '', name, resourceVersion } = object.metadata
    const verified = this.#verifiedVersion
    if (verified !== undefined && !isOlderVersion(verified, resourceVersion)) this.#counters.drift++
    this.#tell({ namespace, name }, () => this.#sink.upsert(object))
  }

  delete(object: ApiObject): void {
    if (!this.#known.forget(object)) return
    const { namespace = '', name } = object.metadata
    this.#tell({ namespace, name }, () => this.#sink.delete({ namespace, name }))
  }

  /** What came in together has been written. */
  settle(phase: ReflectorPhase): void {
    if (this.#untold === 'nothing' || (this.#untold === 'put off' && phase === 'syncing')) return
    this.#untold = phase === 'syncing' ? 'put off' : 'nothing'
    try {
      this.#observer.settled(phase)
    } catch (error) {
      this.#failed(error)
    }
  }

  #tell(name: ObjectName, write: () => void): void {
    this.#untold = 'new'
    try {
      write()
    } catch (error) {
      this.#failed(error, name)
    }
  }

  /** One object that cannot be kept is no reason to lose the others. */
  #failed(error: unknown, name?: ObjectName): void {
    this.#counters.applyErrors++
    this.#observer.applyFailed(error, name)
  }
}
