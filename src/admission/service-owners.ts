import { ownersOf } from './owners-of-address.ts'
import type { ReviewTime } from './review-time.ts'
import type { ClaimAnswer, ClaimDesk } from './service-claim-desk.ts'

/** Another replica. Rejects where it cannot be reached or does not understand. */
export interface OwnerPeer {
  claim(address: string, key: string, signal: AbortSignal): Promise<ClaimAnswer>
}

/** The replicas of this webhook. */
export interface Replicas {
  /** `10.244.1.7:8443` */
  readonly self: string
  /** All that get requests, as far as is known here; none while that is not known. */
  ready(): readonly string[]
  peer(replica: string): OwnerPeer
}

export interface AddressOwnersOptions {
  readonly desk: ClaimDesk
  readonly replicas: Replicas
  readonly time: ReviewTime
}

/** The API server waits for 2 s, and there may be two owners and a few addresses to be asked for. */
const patienceMs = 400
/** Who did not answer is not waited for again so soon. */
const silenceMs = 1000

interface AddressClaim {
  readonly address: string
  readonly key: string
}

/** Asks those replicas for an address that decide on it. */
export class AddressOwners {
  readonly #desk: ClaimDesk
  readonly #replicas: Replicas
  readonly #time: ReviewTime
  readonly #silentUntil = new Map<string, number>()

  constructor({ desk, replicas, time }: AddressOwnersOptions) {
    this.#desk = desk
    this.#replicas = replicas
    this.#time = time
  }

  /**
   * One after the other and the first one first, so that of two who want the same address one gets it. Who is dead is dead for
   * everybody, so one that does not answer leaves the decision to the other. What was granted before another one said no is
   * settled by what the Service shows.
   */
  async claim(address: string, key: string, signal: AbortSignal): Promise<ClaimAnswer> {
    const ready = this.#replicas.ready()
    let answer: ClaimAnswer = 'unanswered'
    for (const owner of ownersOf(address, ready.length > 0 ? ready : [this.#replicas.self])) {
      // oxlint-disable-next-line no-await-in-loop -- the second one is asked for what the first one grants
      const one = await this.#ask(owner, { address, key }, signal)
      if (one === 'taken') return one
      if (one === 'granted') answer = one
    }
    return answer
  }

  async #ask(owner: string, claim: AddressClaim, signal: AbortSignal): Promise<ClaimAnswer> {
    const { address, key } = claim
    if (owner === this.#replicas.self) return this.#desk.claim(address, key, signal)
    if (this.#time.now() < (this.#silentUntil.get(owner) ?? -Infinity)) return 'unanswered'
    const answer = await this.#askPeer(owner, claim, signal)
    if (answer === 'unanswered' && !signal.aborted)
      this.#silentUntil.set(owner, this.#time.now() + silenceMs)
    else this.#silentUntil.delete(owner)
    return answer
  }

  async #askPeer(
    owner: string,
    { address, key }: AddressClaim,
    signal: AbortSignal,
  ): Promise<ClaimAnswer> {
    const over = new AbortController()
    const either = AbortSignal.any([signal, over.signal])
    try {
      return await Promise.race([
        this.#replicas.peer(owner).claim(address, key, either),
        this.#time.sleep(patienceMs, either).then((): ClaimAnswer => 'unanswered'),
      ])
    } catch {
      // Gone, going or not to be trusted.
      return 'unanswered'
    } finally {
      over.abort()
    }
  }
}
