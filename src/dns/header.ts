/*
 * The header of a message, RFC 1035 §4.1.1, with AD and CD of RFC 4035 §3:
 *
 *        0  1  2  3  4  5  6  7  8  9  A  B  C  D  E  F
 *      +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *   0  |                      ID                       |
 *   2  |QR|   OPCODE  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
 *   4  |                    QDCOUNT                    |
 *   6  |                    ANCOUNT                    |
 *   8  |                    NSCOUNT                    |
 *  10  |                    ARCOUNT                    |
 *      +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 */
export const headerBytes = 12

/** Flags of the byte at offset 2. */
export const Flag2 = { qr: 0x80, opcode: 0x78, aa: 0x04, tc: 0x02, rd: 0x01 } as const

/** Flags of the byte at offset 3. */
export const Flag3 = { ra: 0x80, z: 0x40, ad: 0x20, cd: 0x10, rcode: 0x0f } as const

export const classIn = 1

export function readUint16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!
}

export function readUint32(bytes: Uint8Array, offset: number): number {
  return readUint16(bytes, offset) * 0x10000 + readUint16(bytes, offset + 2)
}

export function writeUint16(bytes: Uint8Array, value: number, offset: number): void {
  bytes[offset] = value >>> 8
  bytes[offset + 1] = value
}

export function writeUint32(bytes: Uint8Array, value: number, offset: number): void {
  bytes[offset] = value >>> 24
  bytes[offset + 1] = value >>> 16
  bytes[offset + 2] = value >>> 8
  bytes[offset + 3] = value
}
