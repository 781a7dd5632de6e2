import { randomInt } from 'node:crypto'

/** Of this run: printed by the test that uses it, and given as `SEED=123` to repeat it. */
export const seed = Number(process.env['SEED'] ?? randomInt(1 << 30))

/** mulberry32: small, and good enough to choose moments and bytes. */
export function randomOf(state: number): (below: number) => number {
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
