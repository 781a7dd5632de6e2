import type { CompiledAnswer, CompiledZone } from '../answers/compiled-answer.ts'
import { optBytes } from '../dns/edns.ts'
import { classIn, headerBytes, writeUint16, writeUint32 } from '../dns/header.ts'
import { RrType } from '../dns/rr-type.ts'
import { isInZone, maxNameBytes, renderName, type WireName } from '../dns/wire-name.ts'
import type { Answer, ResourceRecord, SoaRecord } from './resource-record.ts'
import type { ZoneProblems } from './zone-problems.ts'

const questionTypeAndClassBytes = 4
const maxAnswerBytes = 0xffff - headerBytes - maxNameBytes - questionTypeAndClassBytes - optBytes
const pointerBytes = 2
/** Type, class, TTL and the length of the data. */
const fixedRecordBytes = 10
const maxPointerOffset = 0x3fff
/** A record can pass the limit by as much before it is taken back: an SRV with two names written out. */
const maxRecordBytes = 1024
const chunkBytes = 0x100000
const noRotation: CompiledAnswer['rotation'] = { offset: 0, count: 0, stride: 0 }

/**
 * Writes records as they stand in a message behind the question.
 *
 *     0        12              12+n         12+n+4
 *     ├─header─┼─qname (n)──────┼─type,class─┼─bytes: owner, type, class, TTL, length, data ──…
 *              ▲                             │ ▲
 *              └── 0xC00C: the owner ────────┘ └── glue points at the SRV, NS or CNAME target
 *
 * Data is written here and not by dns-packet's encoders: docs/decisions/0004-records-are-written-here.md.
 */
export class AnswerCompiler {
  readonly #problems: ZoneProblems
  /** The answers of one name, one after the other: an array for each would cost more than the writing. */
  #bytes = new Uint8Array(chunkBytes)
  /** Where the present answer begins. */
  #start = 0
  #at = 0
  #question: WireName = new Uint8Array(1)
  /** Offsets in the message of names written out in data. */
  readonly #targets = new Map<WireName, number>()
  /** Offsets in `bytes` of pointers to the question. */
  #pointers: number[] | undefined

  constructor(problems: ZoneProblems) {
    this.#problems = problems
  }

  /**
   * The answers of `name`. Longer ones are cut between two records, and counted. Their bytes are
   * written over by the next call.
   */
  compileAnswers(name: WireName, answers: readonly Answer[]): readonly CompiledAnswer[] {
    this.#at = 0
    return answers.map(answer => this.#compileAnswer(name, answer))
  }

  #compileAnswer(name: WireName, answer: Answer): CompiledAnswer {
    this.#begin(name)
    const answerCount = this.#writeRecords(answer.records)
    const rotation = this.#rotationOf(answer.records, answerCount)
    const isWhole = answerCount === answer.records.length
    const additionalCount = isWhole ? this.#writeRecords(answer.additional) : 0
    if (!isWhole || additionalCount < answer.additional.length) {
      this.#problems.note('cut-answer', renderName(name))
    }
    return {
      type: answer.type,
      rcode: answer.rcode,
      bytes: this.#bytes.subarray(this.#start, this.#at),
      answerCount,
      additionalCount,
      ending: answer.ending,
      rotation,
    }
  }

  /** The bytes are the caller's: there are few zones. */
  compileZone(record: SoaRecord): CompiledZone {
    this.#begin(record.name)
    const pointers: number[] = []
    this.#pointers = pointers
    this.#writeRecord(record)
    this.#pointers = undefined
    return { name: record.name, soa: this.#bytes.slice(this.#start, this.#at), pointers }
  }

  #begin(question: WireName): void {
    this.#question = question
    this.#start = this.#at
    if (this.#bytes.length - this.#at < maxAnswerBytes + maxRecordBytes) {
      this.#bytes = new Uint8Array(chunkBytes)
      this.#start = this.#at = 0
    }
    if (this.#targets.size > 0) this.#targets.clear()
  }

  #writeRecords(records: readonly ResourceRecord[]): number {
    for (let count = 0; count < records.length; count++) {
      const start = this.#at
      this.#writeRecord(records[count]!)
      if (this.#at - this.#start > maxAnswerBytes) {
        this.#at = start
        return count
      }
    }
    return records.length
  }

  #writeRecord(record: ResourceRecord): void {
    this.#writeOwner(record.name)
    this.#writeUint16(record.type)
    this.#writeUint16(classIn)
    this.#writeUint32(record.ttlSeconds)
    const lengthAt = this.#at
    this.#at += 2
    this.#writeData(record)
    writeUint16(this.#bytes, this.#at - lengthAt - 2, lengthAt)
  }

  #writeData(record: ResourceRecord): void {
    switch (record.type) {
      case RrType.a:
      case RrType.aaaa:
        this.#writeBytes(record.address)
        break
      case RrType.srv:
        this.#writeUint16(0)
        this.#writeUint16(record.weight)
        this.#writeUint16(record.port)
        // RFC 2782 forbids compression of the target.
        this.#noteTarget(record.target)
        this.#writeBytes(record.target)
        break
      case RrType.cname:
      case RrType.ns:
      case RrType.ptr:
        this.#noteTarget(record.target)
        this.#writeCompressed(record.target)
        break
      case RrType.soa:
        this.#writeCompressed(record.mname)
        this.#writeCompressed(record.rname)
        this.#writeUint32(record.serial)
        this.#writeUint32(record.refreshSeconds)
        this.#writeUint32(record.retrySeconds)
        this.#writeUint32(record.expireSeconds)
        this.#writeUint32(record.minimumSeconds)
        break
      case RrType.txt:
        this.#bytes[this.#at++] = record.text.length
        for (const char of record.text) this.#bytes[this.#at++] = char.charCodeAt(0)
        break
    }
  }

  #writeOwner(name: WireName): void {
    if (name === this.#question) return this.#writeQuestionPointer(headerBytes)
    const offset = this.#targets.get(name)
    if (offset === undefined) this.#writeBytes(name)
    else this.#writeUint16(0xc000 | offset)
  }

  /** Remembers the name about to be written, unless the question or an earlier target serves. */
  #noteTarget(name: WireName): void {
    if (name === this.#question || this.#targets.has(name)) return
    const offset =
      headerBytes + this.#question.length + questionTypeAndClassBytes + this.#at - this.#start
    if (offset <= maxPointerOffset) this.#targets.set(name, offset)
  }

  /** The labels that the question does not end in, then a pointer into the question. RFC 1035 §4.1.4. */
  #writeCompressed(name: WireName): void {
    // Most names end unlike the question: a PTR's target lies in another zone.
    if (name.at(-2) !== this.#question.at(-2)) return this.#writeBytes(name)
    for (let at = 0; name[at]; at += name[at]! + 1) {
      const suffix = name.subarray(at)
      if (isInZone(this.#question, suffix)) {
        this.#writeBytes(name.subarray(0, at))
        return this.#writeQuestionPointer(headerBytes + this.#question.length - suffix.length)
      }
    }
    this.#writeBytes(name)
  }

  #writeQuestionPointer(offset: number): void {
    this.#pointers?.push(this.#at - this.#start)
    this.#writeUint16(0xc000 | offset)
  }

  #rotationOf(records: readonly ResourceRecord[], count: number): CompiledAnswer['rotation'] {
    const last = records[count - 1]
    if (!last || (last.type !== RrType.a && last.type !== RrType.aaaa)) return noRotation
    const first = records.findIndex(record => record.type === last.type)
    if (count - first < 2) return noRotation
    const stride = pointerBytes + fixedRecordBytes + last.address.length
    return {
      offset: this.#at - this.#start - stride * (count - first),
      count: count - first,
      stride,
    }
  }

  #writeUint16(value: number): void {
    writeUint16(this.#bytes, value, this.#at)
    this.#at += 2
  }

  #writeUint32(value: number): void {
    writeUint32(this.#bytes, value, this.#at)
    this.#at += 4
  }

  #writeBytes(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }
}
