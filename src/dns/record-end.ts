import { readUint16 } from './header.ts'

/**
 * The offset behind the record at `offset` in a message of our own making, so nothing is checked: the owner is
 * labels, a pointer or both. RFC 1035 §4.1.3.
 */
export function recordEnd(bytes: Uint8Array, offset: number): number {
  let at = offset
  while (bytes[at]! > 0 && bytes[at]! < 0xc0) at += bytes[at]! + 1
  at += bytes[at] === 0 ? 1 : 2
  return at + 10 + readUint16(bytes, at + 8)
}
