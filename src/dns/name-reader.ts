import { headerBytes } from './header.ts'
import { maxLabelBytes, maxNameBytes, type WireName } from './wire-name.ts'

/** As many as a name of 255 bytes can have labels: more jumps than that serve nobody. */
const maxJumps = 126

/** Labels and jumps in all names of one message. A reply of 1,000 records without compression has about as many. */
const maxStepsPerMessage = 8192

/** Whether a name at this place may end in a pointer. */
export type Compression = 'allowed' | 'forbidden'

/**
 * Reads the names of one message in full. Pointers lead only to smaller offsets behind the header, so every name ends;
 * the steps of the whole message are counted, so that no message is dear. Names that are nothing but the pointer that came last
 * share its bytes: the owners of an rrset cost one step each. Letter case is kept. RFC 1035 §4.1.4.
 */
export class NameReader {
  /** The offset behind the name that was read last, in place: behind its first pointer where it has one. */
  end = 0
  readonly #bytes: Uint8Array
  readonly #scratch = new Uint8Array(maxNameBytes)
  #stepsLeft = maxStepsPerMessage
  #lastTarget = -1
  #lastName: WireName | undefined

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The name at `offset`, whose bytes in place end before `limit`; `undefined` when it is none. */
  read(offset: number, limit: number, compression: Compression): WireName | undefined {
    const bytes = this.#bytes
    if (offset + 2 <= limit && bytes[offset]! >= 0xc0 && compression === 'allowed') {
      const target = this.#pointerAt(offset)
      if (target === this.#lastTarget && this.#stepsLeft-- > 0) {
        this.end = offset + 2
        return this.#lastName
      }
      const name = this.#copy(offset, limit, compression)
      if (name) {
        this.#lastTarget = target
        this.#lastName = name
      }
      return name
    }
    return this.#copy(offset, limit, compression)
  }

  #copy(offset: number, limit: number, compression: Compression): WireName | undefined {
    const bytes = this.#bytes
    const scratch = this.#scratch
    let at = offset
    let lowest = offset
    let bound = limit
    let end = 0
    let jumps = 0
    let written = 0
    for (;;) {
      if (at >= bound || this.#stepsLeft-- <= 0) return undefined
      const labelBytes = bytes[at]!
      if (labelBytes >= 0xc0) {
        if (compression === 'forbidden' || at + 2 > bound || ++jumps > maxJumps) return undefined
        const target = this.#pointerAt(at)
        if (target >= lowest || target < headerBytes) return undefined
        if (end === 0) end = at + 2
        lowest = target
        at = target
        bound = bytes.length
        continue
      }
      const next = at + 1 + labelBytes
      if (labelBytes > maxLabelBytes || next > bound) return undefined
      if (written + 1 + labelBytes > maxNameBytes) return undefined
      while (at < next) scratch[written++] = bytes[at++]!
      if (labelBytes > 0) continue
      this.end = end === 0 ? at : end
      return scratch.slice(0, written)
    }
  }

  #pointerAt(offset: number): number {
    return ((this.#bytes[offset]! & 0x3f) << 8) | this.#bytes[offset + 1]!
  }
}
