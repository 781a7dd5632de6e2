import type { PageReply } from './http-listener.ts'

/** `until-ready`: a part that has once been ready counts as ready for ever. */
export type ReadyMonitor = 'until-ready' | 'continuously'

interface Part {
  isReady: boolean
  hasBeenReady: boolean
}

/** Which parts of the program can do their work, and what a readiness probe is told. */
export class Readiness {
  readonly #parts = new Map<string, Part>()
  #isEnding = false

  /** A part that has to be waited for is made known with `false`. */
  set(name: string, isReady: boolean): void {
    const part = this.#parts.get(name)
    this.#parts.set(name, { isReady, hasBeenReady: isReady || (part?.hasBeenReady ?? false) })
  }

  /** A part that is no more. */
  remove(name: string): void {
    this.#parts.delete(name)
  }

  /** From now on nothing more is to be sent here, though all that comes is answered. */
  end(): void {
    this.#isEnding = true
  }

  answer(monitor: ReadyMonitor): PageReply {
    if (this.#isEnding) return { status: 503, body: 'Shutting down' }
    const waiting = [...this.#parts]
      .filter(
        ([, { isReady, hasBeenReady }]) => !(monitor === 'continuously' ? isReady : hasBeenReady),
      )
      .map(([name]) => name)
    return waiting.length === 0
      ? { status: 200, body: 'OK' }
      : { status: 503, body: waiting.toSorted().join(',') }
  }
}
