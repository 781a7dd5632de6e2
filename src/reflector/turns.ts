import { setImmediate } from 'node:timers/promises'

/** Gives other work its turn after every so many bytes: a long list must not hold up what else this thread does. */
export class Turns {
  readonly #turnBytes: number
  #bytes = 0

  constructor(turnBytes: number) {
    this.#turnBytes = turnBytes
  }

  /** To be awaited after the bytes have been dealt with. */
  async after(bytes: number): Promise<void> {
    this.#bytes += bytes
    if (this.#bytes < this.#turnBytes) return
    this.#bytes = 0
    await setImmediate()
  }
}
