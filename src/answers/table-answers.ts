import type { AnswerReader } from './answer-reader.ts'
import { optBytes, writeOpt } from '../dns/edns.ts'
import { Flag2, Flag3, headerBytes, writeUint16 } from '../dns/header.ts'
import type { QueryScan } from '../dns/query-scan.ts'
import { Rcode } from '../dns/rcode.ts'
import { recordEnd } from '../dns/record-end.ts'

/** Where a reply goes: `bytes` are at least `limitBytes` long, which is what the client can take. */
export interface ReplySpace {
  bytes: Uint8Array
  limitBytes: number
}

/** Scratch for answers that are longer than the client can take: one per thread is enough. */
const wholeAnswer = new Uint8Array(65_535)

/** What of the table is not the last word on a question. */
export interface TableLimits {
  /** Asked about missing names only: true where the chain may know more (computed names, fallthrough). */
  isMissingOpen(scan: QueryScan): boolean
  /** An alias that leads out of the zone is answered as far as it goes here, or left to the chain, which follows it. */
  readonly aliases: 'answer' | 'leave'
}

/**
 * Answers a question from the answer table by copying. Names that are missing or empty are answered too, with the
 * zone's SOA; names outside every zone, and what `limits` takes out, are left to the chain.
 */
export class TableAnswers {
  readonly #reader: AnswerReader
  /** State of the rotation: xorshift, so that pairs of A and AAAA questions do not see a pattern. */
  #turn: number
  #reply: Uint8Array = wholeAnswer
  #limitBytes = 0

  /** `seed` starts the rotation. */
  constructor(reader: AnswerReader, seed: number) {
    this.#reader = reader
    this.#turn = seed | 1
  }

  /** Writes the reply to the scanned `query` into `space`; returns its length, 0 where the chain has to answer. */
  answer(
    query: Uint8Array,
    scan: QueryScan,
    { space, limits }: { readonly space: ReplySpace; readonly limits: TableLimits },
  ): number {
    const reader = this.#reader
    this.#reply = space.bytes
    this.#limitBytes = space.limitBytes
    reader.enter()
    const found = reader.lookup(scan, scan.type)
    let length = 0
    if (found === 'found') {
      if (!reader.isOpen || limits.aliases === 'answer') length = this.#writeFound(query, scan)
    } else if (found === 'missing' && !reader.isComplete) {
      // An unknown name is not a missing one: SERVFAIL makes clients ask again, NXDOMAIN does not.
      length = this.#writeNegative(query, scan, Rcode.servFail)
    } else if (found === 'empty') {
      length = this.#writeNegative(query, scan, Rcode.noError)
    } else if (found === 'missing' && !limits.isMissingOpen(scan)) {
      length = this.#writeNegative(query, scan, Rcode.nxDomain)
    }
    reader.leave()
    return length
  }

  #writeFound(query: Uint8Array, scan: QueryScan): number {
    const reader = this.#reader
    const reply = this.#reply
    const start = scan.questionEnd
    const tail = (reader.negative ? reader.soaBytes : 0) + (scan.hasOpt ? optBytes : 0)
    if (start + reader.byteLength + tail > this.#limitBytes) return this.#writeCut(query, scan)
    copyQuestion(query, reply, start)
    writeHead(query, reply, reader.rcode)
    writeUint16(reply, reader.answerCount, 6)
    writeUint16(reply, reader.negative ? 1 : 0, 8)
    writeUint16(reply, reader.additionalCount + (scan.hasOpt ? 1 : 0), 10)
    let at = reader.copyAnswer(reply, start, this.#nextTurn())
    if (reader.negative) at = reader.copySoa(reply, at)
    return scan.hasOpt ? writeOpt(reply, at, scan) : at
  }

  /** As many whole records as fit; TC only when the answer itself is cut, not for glue (RFC 2181 §9). */
  #writeCut(query: Uint8Array, scan: QueryScan): number {
    const reader = this.#reader
    const reply = this.#reply
    const start = scan.questionEnd
    const room = this.#limitBytes - start - (scan.hasOpt ? optBytes : 0)
    reader.copyAnswer(wholeAnswer, 0, this.#nextTurn())
    let records = 0
    let end = 0
    for (const all = reader.answerCount + reader.additionalCount; records < all; records++) {
      const next = recordEnd(wholeAnswer, end)
      if (next > room) break
      end = next
    }
    const answers = Math.min(records, reader.answerCount)
    copyQuestion(query, reply, start)
    writeHead(query, reply, reader.rcode)
    if (answers < reader.answerCount || reader.negative) reply[2]! |= Flag2.tc
    writeUint16(reply, answers, 6)
    writeUint16(reply, 0, 8)
    writeUint16(reply, records - answers + (scan.hasOpt ? 1 : 0), 10)
    for (let i = 0; i < end; i++) reply[start + i] = wholeAnswer[i]!
    return scan.hasOpt ? writeOpt(reply, start + end, scan) : start + end
  }

  #writeNegative(query: Uint8Array, scan: QueryScan, rcode: number): number {
    const reply = this.#reply
    copyQuestion(query, reply, scan.questionEnd)
    writeHead(query, reply, rcode)
    writeUint16(reply, 0, 6)
    writeUint16(reply, 1, 8)
    writeUint16(reply, scan.hasOpt ? 1 : 0, 10)
    const at = this.#reader.copySoa(reply, scan.questionEnd)
    return scan.hasOpt ? writeOpt(reply, at, scan) : at
  }

  #nextTurn(): number {
    let turn = this.#turn
    turn ^= turn << 13
    turn ^= turn >>> 17
    turn ^= turn << 5
    this.#turn = turn
    return turn >>> 0
  }
}

/** Copies id and question; the question keeps the client's letter case (0x20). */
function copyQuestion(query: Uint8Array, reply: Uint8Array, questionEnd: number): void {
  reply[0] = query[0]!
  reply[1] = query[1]!
  reply[4] = 0
  reply[5] = 1
  for (let i = headerBytes; i < questionEnd; i++) reply[i] = query[i]!
}

/** QR, AA and the rcode are ours, RD and CD the client's, everything else is zero. */
function writeHead(query: Uint8Array, reply: Uint8Array, rcode: number): void {
  reply[2] = Flag2.qr | Flag2.aa | (query[2]! & Flag2.rd)
  reply[3] = (query[3]! & Flag3.cd) | rcode
}
