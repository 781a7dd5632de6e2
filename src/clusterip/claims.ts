import type { IpFamily } from '../lib/ip.ts'
import type { AddressPool } from './address-pool.ts'
import type { Refusal } from './number-pool.ts'
import type { PortPool } from './port-pool.ts'

/** Everything that Services are given out of. */
export interface Pools {
  /** In the order of the configured families: the first is the default. */
  readonly addresses: ReadonlyMap<IpFamily, AddressPool>
  readonly nodePorts: PortPool
}

/**
 * What one request has taken so far, so that a refused request gives back all of it: a dual-stack
 * Service gets both addresses and all its ports or nothing (Kubernetes can leak the first address).
 */
export class Claims {
  readonly #pools: Pools
  readonly #owner: string
  readonly #undo: (() => void)[] = []

  constructor(pools: Pools, owner: string) {
    this.#pools = pools
    this.#owner = owner
  }

  takeAddress(family: IpFamily, address: string): Refusal | undefined {
    const pool = this.#pools.addresses.get(family)
    const refusal = pool ? pool.take(address, this.#owner) : 'outside'
    if (!refusal) this.#undo.push(() => pool?.release(address, this.#owner))
    return refusal
  }

  nextAddress(family: IpFamily): string | undefined {
    const pool = this.#pools.addresses.get(family)
    const address = pool?.takeNext(this.#owner)
    if (address !== undefined) this.#undo.push(() => pool?.release(address, this.#owner))
    return address
  }

  takePort(port: number): Refusal | undefined {
    const refusal = this.#pools.nodePorts.take(port, this.#owner)
    if (!refusal) this.#undo.push(() => this.#pools.nodePorts.release(port, this.#owner))
    return refusal
  }

  nextPort(purpose: string): number | undefined {
    const port = this.#pools.nodePorts.takeNext(purpose, this.#owner)
    if (port !== undefined) this.#undo.push(() => this.#pools.nodePorts.release(port, this.#owner))
    return port
  }

  get nodePortRangeText(): string {
    return this.#pools.nodePorts.rangeText
  }

  giveBack(): void {
    for (const undo of this.#undo) undo()
  }
}
