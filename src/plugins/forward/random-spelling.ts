import { randomFillSync } from 'node:crypto'
import { caseBytes, randomiseCase } from '../../dns/query-writer.ts'
import type { UpstreamReply } from '../../dns/upstream-reply.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { isSameName, type WireName } from '../../dns/wire-name.ts'

const namesPerPool = 32

/** Letter case that nobody can foresee, made many names at a time. */
export class RandomSpelling {
  readonly #bits = new Uint8Array(namesPerPool * caseBytes)
  #used = this.#bits.length

  spell(name: WireName): WireName {
    if (this.#used === this.#bits.length) {
      randomFillSync(this.#bits)
      this.#used = 0
    }
    const start = this.#used
    this.#used += caseBytes
    return randomiseCase(name, this.#bits.subarray(start, this.#used))
  }
}

/** The reply with the name that was asked for as the client spells it: chance is no business of clients and caches. */
export function spelledAs(name: WireName, reply: UpstreamReply): UpstreamReply {
  const respell = (record: ResourceRecord): ResourceRecord =>
    isSameName(record.name, name) ? { ...record, name } : record
  return {
    ...reply,
    question: reply.question && { ...reply.question, name },
    answers: reply.answers.map(respell),
    authority: reply.authority.map(respell),
  }
}
