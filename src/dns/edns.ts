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

/** Numbers of the options that are made or treated specially: RFC 5001 §4, RFC 7871 §6, RFC 8914 §2. */
export const EdnsCode = { nsid: 3, clientSubnet: 8, extendedError: 15 } as const

/** An option of an OPT, RFC 6891 §6.1.2: a client subnet, an extended error, a cookie. */
export interface EdnsOption {
  readonly code: number
  readonly data: Uint8Array
}

const noOptions: readonly EdnsOption[] = []

/** What `options` add to {@link optBytes}. */
export function optionBytes(options: readonly EdnsOption[]): number {
  return options.reduce((sum, { data }) => sum + 4 + data.length, 0)
}

/** Writes an OPT of version 0 and returns the offset behind it. */
export function writeOpt(
  bytes: Uint8Array,
  offset: number,
  {
    extendedRcode = 0,
    dnssecOk = false,
    options = noOptions,
  }: { extendedRcode?: number; dnssecOk?: boolean; options?: readonly EdnsOption[] } = {},
): number {
  bytes[offset] = 0
  writeUint16(bytes, RrType.opt, offset + 1)
  writeUint16(bytes, ednsPayloadBytes, offset + 3)
  bytes[offset + 5] = extendedRcode
  bytes[offset + 6] = 0
  bytes[offset + 7] = dnssecOk ? 0x80 : 0
  bytes[offset + 8] = 0
  writeUint16(bytes, optionBytes(options), offset + 9)
  let at = offset + optBytes
  for (const { code, data } of options) {
    writeUint16(bytes, code, at)
    writeUint16(bytes, data.length, at + 2)
    bytes.set(data, at + 4)
    at += 4 + data.length
  }
  return at
}
