/** Sends that may be under way before a buffer is used again. */
const ringEntries = 256

/**
 * Buffers for UDP replies, used in turn. `dgram` usually sends at once, but when the socket is full it
 * keeps the buffer until later: so the ring starts again only when nothing is queued, and is left to the queued
 * sends and replaced otherwise.
 */
export class ReplyRing {
  readonly #entryBytes: number
  readonly #queuedSends: () => number
  #buffers: Uint8Array[] = []
  #next = 0

  constructor(entryBytes: number, queuedSends: () => number) {
    this.#entryBytes = entryBytes
    this.#queuedSends = queuedSends
  }

  next(): Uint8Array {
    if (this.#next === this.#buffers.length) {
      if (this.#buffers.length < ringEntries) {
        this.#buffers.push(Buffer.allocUnsafeSlow(this.#entryBytes))
      } else {
        this.#next = 0
        if (this.#queuedSends() > 0) this.#buffers = [Buffer.allocUnsafeSlow(this.#entryBytes)]
      }
    }
    return this.#buffers[this.#next++]!
  }
}
