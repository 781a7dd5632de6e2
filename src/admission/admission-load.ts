export interface LoadLimits {
  readonly maxRequests: number
  readonly maxBodyBytes: number
}

/** Requests under way, and the memory that their bodies may take: more than that is asked to come again. */
export class AdmissionLoad {
  readonly #limits: LoadLimits
  #requests = 0
  #bodyBytes = 0

  constructor(limits: LoadLimits) {
    this.#limits = limits
  }

  get requests(): number {
    return this.#requests
  }

  /** False where it is too much; else `leave` has to be called with the same. */
  enter(bodyBytes: number): boolean {
    const { maxRequests, maxBodyBytes } = this.#limits
    if (this.#requests >= maxRequests || this.#bodyBytes + bodyBytes > maxBodyBytes) return false
    this.#requests++
    this.#bodyBytes += bodyBytes
    return true
  }

  leave(bodyBytes: number): void {
    this.#requests--
    this.#bodyBytes -= bodyBytes
  }
}
