import { familyOfText } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { Service } from '../objects/service.ts'
import { heldAddresses } from '../clusterip/held-resources.ts'
import type { ReviewTime } from './review-time.ts'
import type { AddressView } from './service-address-view.ts'

/** `unanswered`: it could not be asked, or does not know the cluster so far. */
export type ClaimAnswer = 'granted' | 'taken' | 'unanswered'

interface Claim {
  readonly key: string
  readonly claimedAtMs: number
  /** How often it was granted. */
  readonly grants: number
}

/** Longer than a request to the API server can take (34 s), and as long as its repair loop waits. */
const ttlMs = 60_000
/** A watch that is well shows a refusal of the API server long before. */
const repeatAfterMs = 1000
/** More would repeat a refusal that a broken watch does not show. */
const maxGrants = 2
/** So often the API server tries an update before it gives up. */
const maxUpdates = 5
/** Objects of a deleted Service go one after the other, and the next Service of that name may come in between. */
const settleMs = 100

/**
 * The addresses that were answered and that no Service shows so far: one Service each. Nobody says that a request has failed, so
 * a claim ends when the Service shows what became of it, or after 60 s.
 */
export class ClaimDesk {
  readonly #view: AddressView
  readonly #time: ReviewTime
  /** By address, the oldest first. */
  readonly #claims = new Map<string, Claim>()
  readonly #ofKey = new Map<string, Set<string>>()

  constructor(view: AddressView, time: ReviewTime) {
    this.#view = view
    this.#time = time
  }

  /** Claims that have not been settled. */
  get size(): number {
    this.#expire()
    return this.#claims.size
  }

  /**
   * Claims a canonical address for a Service (`namespace/name`). Who asks again soon has been refused, or asks twice at the same
   * time: that one needs another address.
   */
  async claim(address: string, key: string, signal: AbortSignal): Promise<ClaimAnswer> {
    await this.#settle(address, key, signal)
    if (!this.#view.isReady) return 'unanswered'
    // Nothing may wait from here on: who looks must also take.
    if (this.#view.holdersOf(address).size > 0) return 'taken'
    this.#expire()
    const now = this.#time.now()
    const known = this.#claims.get(address)
    if (known && !(known.key === key && this.#mayRepeat(known, now))) return 'taken'
    this.#drop(address)
    this.#claims.set(address, { key, claimedAtMs: now, grants: (known?.grants ?? 0) + 1 })
    this.#ofKey.set(key, (this.#ofKey.get(key) ?? new Set()).add(address))
    return 'granted'
  }

  /** Settles the claims of a Service by what it shows. One without addresses of the family says nothing of it. */
  applyService(service: Service): void {
    const addresses = this.#ofKey.get(objectKey(service))
    if (!addresses) return
    const families = new Set(heldAddresses(service).map(familyOfText))
    for (const address of addresses) if (families.has(familyOfText(address))) this.#drop(address)
  }

  /** Waits a little for what is left of a Service of that name. */
  async #settle(address: string, key: string, signal: AbortSignal): Promise<void> {
    const isSettled = (): boolean => {
      const holders = this.#view.holdersOf(address)
      return holders.size !== 1 || !holders.has(key)
    }
    await settle({ view: this.#view, time: this.#time, isSettled }, signal)
  }

  #mayRepeat({ key, claimedAtMs, grants }: Claim, now: number): boolean {
    // An update is reviewed again each time that somebody else changed the Service meanwhile.
    if (this.#view.hasService(key)) return grants < maxUpdates
    return grants < maxGrants && now - claimedAtMs >= repeatAfterMs
  }

  #expire(): void {
    const from = this.#time.now() - ttlMs
    for (const [address, claim] of this.#claims) {
      if (claim.claimedAtMs > from) return
      this.#drop(address)
    }
  }

  #drop(address: string): void {
    const claim = this.#claims.get(address)
    if (!claim) return
    this.#claims.delete(address)
    const addresses = this.#ofKey.get(claim.key)!
    addresses.delete(address)
    if (addresses.size === 0) this.#ofKey.delete(claim.key)
  }
}

interface Settling {
  readonly view: AddressView
  readonly time: ReviewTime
  readonly isSettled: () => boolean
}

/** Gives the watches a moment to show what the API server has done already. */
export async function settle(
  { view, time, isSettled }: Settling,
  signal: AbortSignal,
): Promise<void> {
  if (isSettled()) return
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  await Promise.race([view.until(isSettled, either), time.sleep(settleMs, either)])
  over.abort()
}
