import { ednsPayloadBytes, tcpPayloadBytes } from '../dns/edns.ts'
import { QueryScan, type ScanVerdict, scanQuery } from '../dns/query-scan.ts'
import { Rcode } from '../dns/rcode.ts'
import { noRecords, writeError, writeReply } from '../dns/reply-writer.ts'
import type { Query, Reply } from '../plugins/handler.ts'
import { type FastPath, type ReplySpace, udpLimit } from './fast-path.ts'

/** Sends `length` bytes of `reply` to whoever asked. */
export type SendReply = (reply: Uint8Array, length: number) => void

export interface PipelineOptions {
  readonly fastPath: FastPath
  readonly chain: (query: Query) => Reply | Promise<Reply>
  /** Called when a handler threw: the client has got SERVFAIL. */
  readonly onFault: (error: unknown) => void
}

/** The rcode and the form of the reply to a message that is no query to us. */
const errorReplies: Readonly<
  Record<Exclude<ScanVerdict, 'query' | 'drop'>, { rcode: number; withQuestion: boolean }>
> = {
  formErr: { rcode: Rcode.formErr, withQuestion: false },
  notImp: { rcode: Rcode.notImp, withQuestion: false },
  badVers: { rcode: Rcode.badVers, withQuestion: true },
  refused: { rcode: Rcode.refused, withQuestion: true },
  notAuth: { rcode: Rcode.notAuth, withQuestion: true },
}

/**
 * From the bytes of a message to the bytes of its reply, for one serving thread: scan, refuse what is no query, fast path,
 * chain. The one place where an error becomes SERVFAIL.
 */
export class QueryPipeline {
  readonly #options: PipelineOptions
  readonly #scan = new QueryScan()

  constructor(options: PipelineOptions) {
    this.#options = options
  }

  /**
   * Answers a message of `length` bytes that came over UDP. Returns the length of the reply in `space.bytes`; 0 when
   * there is none now, either for good or because the chain answers later, through `later`.
   */
  answerUdp(message: Uint8Array, space: ReplySpace, later: SendReply): number {
    const verdict = scanQuery(message, message.length, this.#scan)
    space.limitBytes = udpLimit(this.#scan)
    return this.#answer(message, verdict, { space, later })
  }

  /** The same for a message over TCP, where only its length field limits the reply. */
  answerTcp(message: Uint8Array, space: ReplySpace, later: SendReply): number {
    const verdict = scanQuery(message, message.length, this.#scan)
    space.limitBytes = tcpPayloadBytes
    return this.#answer(message, verdict, { space, later })
  }

  #answer(
    message: Uint8Array,
    verdict: ScanVerdict,
    { space, later }: { space: ReplySpace; later: SendReply },
  ): number {
    if (verdict === 'drop') return 0
    const scan = this.#scan
    if (verdict !== 'query') {
      const { rcode, withQuestion } = errorReplies[verdict]
      return writeError(message, space.bytes, withQuestion ? { rcode, scan } : { rcode })
    }
    try {
      const length = this.#options.fastPath.answer(message, scan, space)
      if (length > 0) return length
      const query = { name: scan.name.slice(0, scan.nameBytes), type: scan.type }
      const reply = this.#options.chain(query)
      if (reply instanceof Promise) {
        this.#answerLater(message, reply, { limitBytes: space.limitBytes, later })
        return 0
      }
      return this.#write(message, scan, { reply, space })
    } catch (error) {
      this.#options.onFault(error)
      return writeError(message, space.bytes, { rcode: Rcode.servFail, scan })
    }
  }

  /** The scan belongs to the next query by then, so the message is scanned again. */
  #answerLater(
    message: Uint8Array,
    pending: Promise<Reply>,
    { limitBytes, later }: { limitBytes: number; later: SendReply },
  ): void {
    const kept = Uint8Array.from(message)
    const finish = (write: (scan: QueryScan, space: ReplySpace) => number): void => {
      const scan = new QueryScan()
      scanQuery(kept, kept.length, scan)
      const bytes = new Uint8Array(
        limitBytes > ednsPayloadBytes ? tcpPayloadBytes : ednsPayloadBytes,
      )
      later(bytes, write(scan, { bytes, limitBytes }))
    }
    pending.then(
      reply => finish((scan, space) => this.#write(kept, scan, { reply, space })),
      error => {
        this.#options.onFault(error)
        finish((scan, space) => writeError(kept, space.bytes, { rcode: Rcode.servFail, scan }))
      },
    )
  }

  #write(
    message: Uint8Array,
    scan: QueryScan,
    { reply, space }: { reply: Reply; space: ReplySpace },
  ): number {
    const frame = {
      rcode: reply.rcode,
      authoritative: reply.authoritative,
      recursionAvailable: false,
      limitBytes: space.limitBytes,
    }
    const records = { ...noRecords, ...reply }
    return writeReply({ bytes: message, scan }, records, { reply: space.bytes, frame })
  }
}
