import {
  type AnswerSink,
  type CompiledAnswer,
  type CompiledZone,
  otherTypes,
} from '../../src/answers/compiled-answer.ts'
import { Rcode } from '../../src/dns/rcode.ts'
import { RrType } from '../../src/dns/rr-type.ts'
import { isInZone, lowerCaseName, renderName } from '../../src/dns/wire-name.ts'

interface Entry {
  readonly name: Uint8Array
  readonly answers: readonly CompiledAnswer[]
}

/** An AnswerSink that is slow and plainly right: what the shared-memory table is compared with. */
export class MapSink implements AnswerSink {
  readonly #names = new Map<string, Entry>()
  #zones: readonly CompiledZone[] = []

  put(name: Uint8Array, answers: readonly CompiledAnswer[]): void {
    this.#names.set(renderName(name), {
      name: Uint8Array.from(name),
      answers: answers.map(answer => ({ ...answer, bytes: Uint8Array.from(answer.bytes) })),
    })
  }

  delete(name: Uint8Array): void {
    this.#names.delete(renderName(name))
  }

  setZones(zones: readonly CompiledZone[]): void {
    this.#zones = [...zones]
  }

  get zones(): readonly CompiledZone[] {
    return this.#zones
  }

  names(): string[] {
    return [...this.#names.keys()].sort()
  }

  answers(name: string): readonly CompiledAnswer[] | undefined {
    return this.#names.get(name)?.answers
  }

  /** The whole reply to a query of one question; names outside every zone are refused. */
  ask(query: Uint8Array): Buffer {
    const end = 12 + questionLength(query)
    const question = query.subarray(12, end)
    const name = lowerCaseName(question.subarray(0, -4))
    const type = question.at(-4)! * 256 + question.at(-3)!
    const zone = this.#zoneOf(name)
    if (!zone) return reply(query, question, { rcode: Rcode.refused })
    const answer = this.#find(name, type, zone)
    if (answer) {
      const authority = answer.ending === 'negative' ? soaFor(zone, name) : undefined
      return reply(query, question, { rcode: answer.rcode, answer, authority })
    }
    const rcode = this.#exists(name) ? Rcode.noError : Rcode.nxDomain
    return reply(query, question, { rcode, authority: soaFor(zone, name) })
  }

  #zoneOf(name: Uint8Array): CompiledZone | undefined {
    return this.#zones
      .filter(zone => isInZone(name, zone.name))
      .sort((a, b) => b.name.length - a.name.length)[0]
  }

  #find(name: Uint8Array, type: number, zone: CompiledZone): CompiledAnswer | undefined {
    if (type === RrType.soa && renderName(name) === renderName(zone.name)) {
      return {
        type,
        rcode: Rcode.noError,
        bytes: zone.soa,
        answerCount: 1,
        additionalCount: 0,
        ending: 'whole',
        rotation: { offset: 0, count: 0, stride: 0 },
      }
    }
    const answers = this.#names.get(renderName(name))?.answers ?? []
    // One RRset is enough of an answer to ANY, RFC 8482 §4.1.
    if (type === RrType.any) return answers[0]
    return (
      answers.find(answer => answer.type === type) ??
      answers.find(answer => answer.type === otherTypes)
    )
  }

  #exists(name: Uint8Array): boolean {
    for (const entry of this.#names.values()) if (isInZone(entry.name, name)) return true
    return false
  }
}

function questionLength(query: Uint8Array): number {
  let at = 12
  while (query[at]) at += query[at]! + 1
  return at + 5 - 12
}

/** The SOA with its pointers moved from the apex to where the apex ends the question. */
function soaFor(zone: CompiledZone, name: Uint8Array): Uint8Array {
  const soa = Uint8Array.from(zone.soa)
  const apex = 12 + name.length - zone.name.length
  for (const at of zone.pointers) {
    soa[at] = 0xc0 | (apex >> 8)
    soa[at + 1] = apex & 0xff
  }
  return soa
}

interface ReplyParts {
  readonly rcode: number
  readonly answer?: CompiledAnswer
  readonly authority?: Uint8Array | undefined
}

/** Authority before additional, whatever the order in which they were compiled. */
function reply(query: Uint8Array, question: Uint8Array, parts: ReplyParts): Buffer {
  const { rcode, answer, authority } = parts
  const header = Buffer.alloc(12)
  header.set(query.subarray(0, 2))
  header.writeUInt16BE(0x8400 | (query[2]! & 1 ? 0x0100 : 0) | rcode, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(answer?.answerCount ?? 0, 6)
  header.writeUInt16BE(authority ? 1 : 0, 8)
  header.writeUInt16BE(answer?.additionalCount ?? 0, 10)
  if (authority && answer?.additionalCount) throw new Error('A negative answer has no glue')
  return Buffer.concat([
    header,
    question,
    answer?.bytes ?? new Uint8Array(),
    authority ?? new Uint8Array(),
  ])
}
