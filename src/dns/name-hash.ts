/**
 * FNV-1a, 32 bits, in the steps that a scanner takes while it copies a name. Names are hashed lower
 * case, in wire form, with their final zero byte.
 */
export const emptyNameHash = 0x811c9dc5 | 0

export function extendNameHash(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193)
}

/** Spreads the entropy of the last bytes over the low bits that choose a slot. */
export function finishNameHash(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}

/** The hash of a lower-case wire name from `start` on, as a signed 32-bit integer. */
export function hashName(name: Uint8Array, start = 0): number {
  let hash = emptyNameHash
  for (let i = start; i < name.length; i++) hash = extendNameHash(hash, name[i]!)
  return finishNameHash(hash)
}
