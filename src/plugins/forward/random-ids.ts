import { randomFillSync } from 'node:crypto'

const pool = 512

/** Message ids that nobody can foresee, made many at a time. */
export class RandomIds {
  readonly #ids = new Uint16Array(pool)
  #used = pool

  next(): number {
    if (this.#used === pool) {
      randomFillSync(this.#ids)
      this.#used = 0
    }
    return this.#ids[this.#used++]!
  }
}
