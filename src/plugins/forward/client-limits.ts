/** How many questions each client has open. */
export class ClientLimits {
  /** Over all threads. */
  readonly most: number
  readonly #mostHere: number
  readonly #open = new Map<string, number>()

  constructor(most: number, threads: number) {
    this.most = most
    this.#mostHere = Math.ceil(most / threads)
  }

  /** False when the client has too many already. Each that enters must leave. */
  enter(address: string): boolean {
    const open = this.#open.get(address) ?? 0
    if (open >= this.#mostHere) return false
    this.#open.set(address, open + 1)
    return true
  }

  leave(address: string): void {
    const open = this.#open.get(address) ?? 0
    if (open > 1) this.#open.set(address, open - 1)
    else this.#open.delete(address)
  }
}
