import { hashText } from '../lib/hash.ts'
import { NumberPool, type RangeUsage, type Refusal } from './number-pool.ts'

/** An inclusive range of node ports. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

/** The API server's `--service-node-port-range` when it is not given. */
export const defaultNodePortRange: PortRange = { first: 30000, last: 32767 }

const MIN_STATIC = 16
const MAX_STATIC = 128
const STATIC_SHARE = 32

/** The node ports and health check node ports of all Services: which are taken, and by whom. */
export class PortPool {
  readonly #range: PortRange
  readonly #numbers: NumberPool

  constructor(range: PortRange) {
    const size = range.last - range.first + 1
    this.#range = range
    this.#numbers = new NumberPool([
      {
        first: BigInt(range.first),
        size: BigInt(size),
        staticSize: BigInt(staticBandSize(size)),
      },
    ])
  }

  take(port: number, owner: string): Refusal | undefined {
    return this.#numbers.take(BigInt(port), owner)
  }

  /** Takes the port that the owner's name and the purpose (its service port) lead to. */
  takeNext(purpose: string, owner: string): number | undefined {
    const value = this.#numbers.takeNext(hashText(`${owner}/${purpose}`), owner)
    return value === undefined ? undefined : Number(value)
  }

  restore(port: number, owner: string): Refusal | undefined {
    return this.#numbers.restore(BigInt(port), owner)
  }

  release(port: number, owner: string): void {
    this.#numbers.release(BigInt(port), owner)
  }

  ownerOf(port: number): string | undefined {
    return this.#numbers.ownerOf(BigInt(port))
  }

  usage(): RangeUsage {
    return this.#numbers.usage()[0]!
  }

  /** `30000-32767`, as messages name it. */
  get rangeText(): string {
    return `${this.#range.first}-${this.#range.last}`
  }
}

function staticBandSize(size: number): number {
  if (size <= MIN_STATIC) return 0
  return Math.min(MAX_STATIC, Math.max(MIN_STATIC, Math.floor(size / STATIC_SHARE)))
}
