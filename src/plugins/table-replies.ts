import type { TableLimits } from '../answers/table-answers.ts'
import { tcpPayloadBytes } from '../dns/edns.ts'
import { classIn, headerBytes, writeUint16 } from '../dns/header.ts'
import { hashName } from '../dns/name-hash.ts'
import { QueryScan } from '../dns/query-scan.ts'
import { readReply } from '../dns/upstream-reply.ts'
import type { Query, Reply } from './handler.ts'
import type { ServingContext } from './serving-context.ts'

/** A reply out of the table whose last record is an alias that leads out of the zone. */
export interface OpenReply extends Reply {
  readonly alias: 'open'
}

const wholeTable: TableLimits = { isMissingOpen: () => false, aliases: 'answer' }

/** The answers of the table as records, for links that do more with them than copy them. */
export class TableReplies {
  readonly #context: Pick<ServingContext, 'table' | 'reader'>
  readonly #scan = new QueryScan()
  readonly #space = { bytes: new Uint8Array(tcpPayloadBytes), limitBytes: tcpPayloadBytes }

  constructor(context: Pick<ServingContext, 'table' | 'reader'>) {
    this.#context = context
  }

  /** `undefined` for names outside the zones of the table. */
  answer(query: Query): Reply | OpenReply | undefined {
    const { table, reader } = this.#context
    const question = this.#ask(query)
    const length = table.answer(question, this.#scan, { space: this.#space, limits: wholeTable })
    const message = length > 0 ? readReply(this.#space.bytes, length) : undefined
    if (!message) return undefined
    const { rcode, answers, authority, additional } = message
    const reply = { rcode, authoritative: true, answers, authority, additional }
    return reader.isOpen ? { ...reply, alias: 'open' } : reply
  }

  /** A message with the question, and the scan of it. */
  #ask({ name, type }: Query): Uint8Array {
    const scan = this.#scan
    scan.name.set(name)
    scan.nameBytes = name.length
    scan.nameHash = hashName(name)
    scan.type = type
    scan.class = classIn
    scan.questionEnd = headerBytes + name.length + 4
    const message = new Uint8Array(scan.questionEnd)
    message[5] = 1
    message.set(name, headerBytes)
    writeUint16(message, type, headerBytes + name.length)
    writeUint16(message, classIn, headerBytes + name.length + 2)
    return message
  }
}
