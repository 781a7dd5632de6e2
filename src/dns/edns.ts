import { writeUint16 } from './header.ts'
import { RrType } from './rr-type.ts'

/**
 * The largest UDP message we send and say we take: fits every path without fragments, so that replies are
 * neither lost nor spoofable by fragment (DNS flag day 2020; RFC 9715 recommends 1400 at most).
 */
export const ednsPayloadBytes = 1232

/** The size every client without EDNS can take over UDP. RFC 1035 §4.2.1. */
export const plainPayloadBytes = 512

/** The largest message over TCP. */
export const tcpPayloadBytes = 65_535

/** An OPT record without options. RFC 6891 §6.1.2. */
export const optBytes = 11

/** Writes an OPT of version 0 without options and returns the offset behind it. */
export function writeOpt(
  bytes: Uint8Array,
  offset: number,
  { extendedRcode = 0, dnssecOk = false }: { extendedRcode?: number; dnssecOk?: boolean } = {},
): number {
  bytes[offset] = 0
  writeUint16(bytes, RrType.opt, offset + 1)
  writeUint16(bytes, ednsPayloadBytes, offset + 3)
  bytes[offset + 5] = extendedRcode
  bytes[offset + 6] = 0
  bytes[offset + 7] = dnssecOk ? 0x80 : 0
  bytes[offset + 8] = 0
  writeUint16(bytes, 0, offset + 9)
  return offset + optBytes
}
