import type { WireName } from '../dns/wire-name.ts'

/**
 * Pseudo type of an answer that serves every type without an answer of its own (a CNAME, RFC 1034 §4.3.2). It
 * comes last in the list of answers of a name.
 */
export const otherTypes = 0

/**
 * `negative`: the zone's SOA goes to the authority section, for NODATA or NXDOMAIN behind a CNAME. `open`: the last
 * record is a CNAME to a name outside the zone, which somebody else may follow.
 */
export type AnswerEnding = 'whole' | 'negative' | 'open'

/**
 * What follows the question of a reply for one name and type, ready to be copied. Names point at the
 * question (0xC00C) or at names inside `bytes`, whose offset in the message is 12 + name length + 4,
 * so one answer serves every letter case of the name. RFC 1035 §4.1.4.
 */
export interface CompiledAnswer {
  /** Record type number of the question, or {@link otherTypes}. */
  readonly type: number
  /** NOERROR, or NXDOMAIN where a CNAME's target in our own zone does not exist (RFC 6604 §3). */
  readonly rcode: number
  /** Whole records: answer section, then additional section. At most 65,535 − 12 − 255 − 4 − 11 bytes. */
  readonly bytes: Uint8Array
  readonly answerCount: number
  readonly additionalCount: number
  /**
   * What comes after the records.
   */
  readonly ending: AnswerEnding
  /** A run of equally long address records that may be rotated from query to query; `count` 0 for none. */
  readonly rotation: { readonly offset: number; readonly count: number; readonly stride: number }
}

/**
 * The SOA record of negative answers, RFC 2308 §3. Its names end in pointers to the zone's apex, which
 * lies at a different place in every question: `pointers` are the offsets in `bytes` of these two-byte
 * pointers. Compiled for the apex itself (0xC00C), so it is the answer to the apex's own SOA question too.
 */
export interface CompiledZone {
  readonly name: WireName
  readonly soa: Uint8Array
  readonly pointers: readonly number[]
}

/**
 * Where compiled answers go. A name exists from its first `put` (with no answers at all it is an empty
 * name: NODATA) until `delete`; ancestors of existing names exist too, up to the zone's apex (RFC 8020),
 * without being put. Names are lower case.
 */
export interface AnswerSink {
  /**
   * Replaces all that is known of `name`; a reader sees the old or the new, never a mixture. The sink
   * copies what it keeps: the bytes of `answers` are written over once `put` returns.
   */
  put(name: WireName, answers: readonly CompiledAnswer[]): void
  delete(name: WireName): void
  /** Replaces the list of zones, their SOA included. Names outside every zone are not answered. */
  setZones(zones: readonly CompiledZone[]): void
}
