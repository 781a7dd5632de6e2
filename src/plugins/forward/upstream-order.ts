import { shuffle } from '../shuffle.ts'
import type { Policy } from './forward-settings.ts'

/** The order in which upstreams are asked, anew for each question. */
export class UpstreamOrder {
  readonly #policy: Policy
  #turn = 0

  constructor(policy: Policy) {
    this.#policy = policy
  }

  /** True when the upstreams are alike, so that a slow one may be passed by. `sequential` says that the first one is better. */
  get areAlike(): boolean {
    return this.#policy !== 'sequential'
  }

  next<Upstream>(upstreams: readonly Upstream[]): readonly Upstream[] {
    if (this.#policy === 'sequential' || upstreams.length < 2) return upstreams
    if (this.#policy === 'random') return shuffle(upstreams)
    const start = this.#turn++ % upstreams.length
    return [...upstreams.slice(start), ...upstreams.slice(0, start)]
  }
}
