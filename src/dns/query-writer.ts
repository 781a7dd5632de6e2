import { type EdnsOption, optBytes, optionBytes, writeOpt } from './edns.ts'
import { Flag2, Flag3, headerBytes, writeUint16 } from './header.ts'
import type { WireName } from './wire-name.ts'

/** A question to an upstream server. */
export interface UpstreamQuery {
  readonly id: number
  readonly name: WireName
  readonly type: number
  readonly class: number
  readonly recursionDesired: boolean
  readonly checkingDisabled: boolean
  /** AD in a query asks the server to say in AD whether it has validated, RFC 6840 §5.7. */
  readonly authenticData?: boolean
  /** Without it no OPT is sent, for servers that do not know EDNS. */
  readonly edns?: { readonly dnssecOk: boolean; readonly options: readonly EdnsOption[] }
}

/** The message of the query, the name spelled as it is given. RFC 1035 §4.1, RFC 6891 §6.1. */
export function encodeQuery(query: UpstreamQuery): Uint8Array {
  const { name, edns } = query
  const questionEnd = headerBytes + name.length + 4
  const bytes = new Uint8Array(questionEnd + (edns ? optBytes + optionBytes(edns.options) : 0))
  writeUint16(bytes, query.id, 0)
  bytes[2] = query.recursionDesired ? Flag2.rd : 0
  bytes[3] = (query.checkingDisabled ? Flag3.cd : 0) | (query.authenticData ? Flag3.ad : 0)
  writeUint16(bytes, 1, 4)
  writeUint16(bytes, edns ? 1 : 0, 10)
  bytes.set(name, headerBytes)
  writeUint16(bytes, query.type, questionEnd - 4)
  writeUint16(bytes, query.class, questionEnd - 2)
  if (edns) writeOpt(bytes, questionEnd, edns)
  return bytes
}

/** As many bytes of chance as the longest name can use, a bit for each letter. */
export const caseBytes = 32

/**
 * The name with each letter in the case that a bit of `randomBits` says, so that a forged reply must guess it too: "0x20".
 * `randomBits` are at least {@link caseBytes} bytes; RangeError where they are fewer.
 */
export function randomiseCase(name: WireName, randomBits: Uint8Array): WireName {
  if (randomBits.length < caseBytes) {
    throw new RangeError(`Cannot choose letter case: ${caseBytes} random bytes are needed`)
  }
  return name.map((byte, i) => {
    const folded = byte & 0xdf
    if (folded < 0x41 || folded > 0x5a) return byte
    return (randomBits[i >>> 3]! >>> (i & 7)) & 1 ? folded | 0x20 : folded
  })
}
