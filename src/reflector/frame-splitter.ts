import { Buffer } from 'node:buffer'

const newline = 10

/** Cuts the bytes of a watch into its frames, one line each. Only whole frames are decoded, so no character is ever cut. */
export class FrameSplitter {
  #held: Buffer[] = []
  #heldBytes = 0

  /** Bytes of a frame that has not ended. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** The text of each frame that ends in these bytes. */
  *split(chunk: Buffer): Generator<string, void> {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(newline, start)
      if (end === -1) break
      const text = this.#whole(chunk.subarray(start, end))
      start = end + 1
      if (text !== '' && text !== '\r') yield text
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start))
  }

  #whole(rest: Buffer): string {
    if (this.#heldBytes === 0) return rest.toString('utf8')
    this.#hold(rest)
    const text = Buffer.concat(this.#held, this.#heldBytes).toString('utf8')
    this.#held = []
    this.#heldBytes = 0
    return text
  }

  #hold(piece: Buffer): void {
    this.#heldBytes += piece.length
    this.#held.push(piece)
  }
}
