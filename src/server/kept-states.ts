import type { Kept } from '../plugins/serving-context.ts'

/** States of plugins that outlive a configuration. */
export class KeptStates {
  #states = new Map<string, Kept>()
  #next = new Map<string, Kept>()

  keep<State extends Kept>(key: string, make: () => State): State {
    const state = this.#next.get(key) ?? this.#states.get(key) ?? make()
    this.#next.set(key, state)
    return state as State
  }

  /** The configuration in force is complete: closes what it has not asked for. */
  settle(): void {
    for (const [key, state] of this.#states) if (this.#next.get(key) !== state) state.close()
    this.#states = this.#next
    this.#next = new Map()
  }

  /** The configuration is given up: closes what only it has made. */
  abandon(): void {
    for (const [key, state] of this.#next) if (this.#states.get(key) !== state) state.close()
    this.#next = new Map()
  }
}
