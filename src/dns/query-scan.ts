import { plainPayloadBytes } from './edns.ts'
import { Flag2, headerBytes, readUint16 } from './header.ts'
import { emptyNameHash, extendNameHash, finishNameHash } from './name-hash.ts'
import { RrType } from './rr-type.ts'
import { maxLabelBytes, maxNameBytes } from './wire-name.ts'

/**
 * What a message from a client is:
 * `query` to be answered, `drop` without a word, or the error it gets. `badVers` and `notAuth`
 * come with a question that can be repeated, `formErr` and `notImp` with a header alone.
 */
export type ScanVerdict = 'query' | 'drop' | 'formErr' | 'notImp' | 'badVers' | 'notAuth'

/** A client may send an OPT and a TSIG, nothing else, beside its question. */
const maxAdditionalRecords = 2

/**
 * A query read in place. One object is used again and again, so that a query costs no allocation; its
 * fields hold for the last message that was scanned, and the name and EDNS fields only where the verdict
 * is one that comes with a question.
 */
export class QueryScan {
  /** The name in lower case, wire form; valid up to `nameBytes`. */
  readonly name: Uint8Array = new Uint8Array(maxNameBytes)
  nameBytes = 0
  nameHash = 0
  type = 0
  class = 0
  /** Offset behind the question: it can be copied from 12 to here into the reply, letter case kept. */
  questionEnd = headerBytes
  hasOpt = false
  /** Where the options of the OPT record begin and end. */
  optionsStart = 0
  optionsEnd = 0
  dnssecOk = false
  /** What the client can take over UDP: 512 without EDNS, never less. */
  payloadBytes = plainPayloadBytes
}

/**
 * Checks a message from the network in the order that NSD and Unbound do: header, counts, question, additional
 * records, class, type. Never throws, reads nothing beyond `length`, allocates nothing. RFC 1035 §4.1, RFC 6891
 * §6.1, RFC 9619.
 */
export function scanQuery(bytes: Uint8Array, length: number, scan: QueryScan): ScanVerdict {
  scan.hasOpt = false
  scan.dnssecOk = false
  scan.payloadBytes = plainPayloadBytes
  scan.questionEnd = headerBytes
  if (length < headerBytes) return 'drop'
  const flags = bytes[2]!
  if ((flags & Flag2.qr) !== 0) return 'drop'
  if ((flags & Flag2.opcode) !== 0) return 'notImp'
  if (readUint16(bytes, 4) !== 1) return 'formErr'
  if (readUint16(bytes, 6) !== 0) return 'formErr'
  const authorityRecords = readUint16(bytes, 8)
  const additionalRecords = readUint16(bytes, 10)
  if (additionalRecords > maxAdditionalRecords) return 'formErr'

  const nameEnd = scanName(bytes, length, scan)
  if (nameEnd === 0 || nameEnd + 4 > length) return 'formErr'
  scan.type = readUint16(bytes, nameEnd)
  scan.class = readUint16(bytes, nameEnd + 2)
  scan.questionEnd = nameEnd + 4

  // Only IXFR says in the authority section what the client already has, RFC 1995 §3.
  if (authorityRecords > 0) {
    return authorityRecords === 1 && scan.type === RrType.ixfr ? 'query' : 'formErr'
  }
  if (additionalRecords > 0) {
    const verdict = scanAdditional(bytes, length, scan)
    if (verdict !== 'query') return verdict
  }
  if (scan.type === RrType.opt || scan.type === RrType.tkey || scan.type === RrType.tsig) {
    return 'formErr'
  }
  return 'query'
}

/** Copies the name in lower case; returns the offset behind it, or 0 when it is not a plain legal name. */
function scanName(bytes: Uint8Array, length: number, scan: QueryScan): number {
  const name = scan.name
  let at = headerBytes
  let written = 0
  let hash = emptyNameHash
  for (;;) {
    if (at >= length) return 0
    const labelBytes = bytes[at]!
    // A pointer in a question has nothing to point at; 0x40 and 0x80 are no longer label types.
    if (labelBytes > maxLabelBytes) return 0
    const end = at + 1 + labelBytes
    if (written + 1 + labelBytes > maxNameBytes || end > length) return 0
    name[written++] = labelBytes
    hash = extendNameHash(hash, labelBytes)
    at++
    if (labelBytes === 0) break
    while (at < end) {
      let byte = bytes[at++]!
      if (byte >= 0x41 && byte <= 0x5a) byte += 32
      name[written++] = byte
      hash = extendNameHash(hash, byte)
    }
  }
  scan.nameBytes = written
  scan.nameHash = finishNameHash(hash)
  return at
}

function scanAdditional(bytes: Uint8Array, length: number, scan: QueryScan): ScanVerdict {
  let at = scan.questionEnd
  let verdict: ScanVerdict = 'query'
  for (let left = readUint16(bytes, 10); left > 0; left--) {
    // Both records that are allowed here have short owners; OPT's is the root.
    const owner = at
    while (at < length && bytes[at]! > 0 && bytes[at]! <= maxLabelBytes) at += bytes[at]! + 1
    if (at >= length || bytes[at] !== 0 || at + 11 > length) return 'formErr'
    const fixed = at + 1
    const type = readUint16(bytes, fixed)
    const end = fixed + 10 + readUint16(bytes, fixed + 8)
    if (end > length) return 'formErr'
    if (type === RrType.opt) {
      if (scan.hasOpt || at !== owner) return 'formErr'
      if (!areOptionsWhole(bytes, fixed + 10, end)) return 'formErr'
      scan.hasOpt = true
      scan.optionsStart = fixed + 10
      scan.optionsEnd = end
      scan.payloadBytes = Math.max(plainPayloadBytes, readUint16(bytes, fixed + 2))
      scan.dnssecOk = (bytes[fixed + 6]! & 0x80) !== 0
      if (bytes[fixed + 5] !== 0) verdict = 'badVers'
    } else if (type === RrType.tsig && left === 1) {
      // We hold no keys: an answer without a signature would be taken for an unsigned forgery.
      return 'notAuth'
    } else {
      return 'formErr'
    }
    at = end
  }
  return verdict
}

/** True when the options of an OPT fill its data exactly. Their contents are not looked at. */
function areOptionsWhole(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at + 4 <= end) at += 4 + readUint16(bytes, at + 2)
  return at === end
}
