import type { Client, Query, Reply } from './handler.ts'

/**
 * A query and its reply as they were on the wire, for links that count or log. One object is used again and again: copy what
 * is to stay.
 */
export interface Exchange {
  readonly type: number
  readonly class: number
  readonly transport: Client['transport']
  readonly family: Client['family']
  readonly dnssecOk: boolean
  readonly queryBytes: number
  readonly replyBytes: number
  readonly rcode: number
  readonly durationMs: number
  /** The link that the answer comes from. */
  readonly plugin: string
  /** Absent on the fast path, which a link that needs them closes by not leaving cluster answers alone. */
  readonly query: Query | undefined
  readonly reply: Reply | undefined
}
