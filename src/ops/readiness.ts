import type { PageReply } from './http-listener.ts'

/** `until-ready`: a part that has once been ready counts as ready for ever. */
export type ReadyMonitor = 'until-ready' | 'continuously'

interface Part {
  isReady: boolean
  hasBeenReady: boolean
}

/** Something that a serving thread has found not to work. */
interface Failure {
  /** What a readiness probe is told. */
  readonly part: string
  readonly thread: number
}

/** Which parts of the program can do their work, and what a readiness probe is told. */
export class Readiness {
  readonly #parts = new Map<string, Part>()
  readonly #failures = new Map<string, Failure>()
  #hasBeenReady = false
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

  /**
   * Until {@link recover} this is not ready, unless a probe has been told that it is and only asks for that: who has been sent
   * queries goes on answering those that can be. True when no other failure has this part.
   */
  fail(key: string, failure: Failure): boolean {
    const isNew = !this.#isFailing(failure.part)
    this.#failures.set(key, failure)
    return isNew
  }

  /** True when no failure has its part any more. */
  recover(key: string): boolean {
    const failure = this.#failures.get(key)
    this.#failures.delete(key)
    return failure !== undefined && !this.#isFailing(failure.part)
  }

  /** A serving thread is gone, and what it has found with it. */
  forgetThread(thread: number): void {
    for (const [key, failure] of this.#failures)
      if (failure.thread === thread) this.#failures.delete(key)
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
    const isLatched = monitor === 'until-ready' && this.#hasBeenReady
    const failing = isLatched ? [] : Array.from(this.#failures.values(), ({ part }) => part)
    const parts = new Set([...waiting, ...failing])
    if (parts.size > 0) return { status: 503, body: [...parts].toSorted().join(',') }
    this.#hasBeenReady = true
    return { status: 200, body: 'OK' }
  }

  #isFailing(part: string): boolean {
    return [...this.#failures.values()].some(failure => failure.part === part)
  }
}
