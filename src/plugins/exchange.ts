import type { Client, Query, Reply } from './handler.ts'

/**
 * A query and its reply as they were on the wire, for links that count or log. One object is used again and again: copy what
 * is to stay.
 */
export interface Exchange {
  /** The zone of the block that the name is in: `cluster.local.`. */
  readonly zone: string
  readonly type: number
  readonly class: number
  readonly transport: Client['transport']
  readonly family: Client['family']
  readonly dnssecOk: boolean
  readonly queryBytes: number
  readonly replyBytes: number
  readonly rcode: number
  /** The flags of the reply: bytes 2 and 3 of its header, in this order. */
  readonly flags: number
  readonly durationMs: number
  /** The link that the answer comes from. */
  readonly plugin: string
  /** Absent on the fast path, which a link that needs them closes by not leaving cluster answers alone. */
  readonly query: Query | undefined
  readonly reply: Reply | undefined
}
