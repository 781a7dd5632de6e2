import { setImmediate } from 'node:timers/promises'

/** How long a long job may keep this thread from its timers and requests. */
const turnMs = 20
/**
 * How long it may keep a processor without a pause. Kernels leave a busy thread alone for a tick, up to 4 ms, while a
 * serving thread waits with a query; a thread that sleeps is preempted at once.
 */
const burstMs = 0.5
/** The sleep itself; timers of the system make it about 0.1 ms. */
const restMs = 0.05

/** Gives processor and thread to others every so often during a job in many steps. */
export class Breather {
  readonly #cell = new Int32Array(new SharedArrayBuffer(4))
  #turnSince = performance.now()
  #burstSince = this.#turnSince

  /** To be awaited between two steps. */
  async pause(): Promise<void> {
    this.rest()
    if (performance.now() - this.#turnSince < turnMs) return
    await setImmediate()
    this.#turnSince = performance.now()
  }

  /** Between two steps where nothing may come in between: other threads get their turn, this one's events wait. */
  rest(): void {
    if (performance.now() - this.#burstSince < burstMs) return
    Atomics.wait(this.#cell, 0, 0, restMs)
    this.#burstSince = performance.now()
  }
}
