import { setImmediate } from 'node:timers/promises'

/** How long a long job may keep the thread before others get a turn. */
const TURN_MS = 20

/** Gives the thread to others every so often during a job in many steps. */
export class Breather {
  #since = performance.now()

  /** To be awaited between two steps. */
  async pause(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return
    await setImmediate()
    this.#since = performance.now()
  }
}
