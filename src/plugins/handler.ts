import type { ResourceRecord } from '../dns/resource-record.ts'
import type { WireName } from '../dns/wire-name.ts'

/** A question that the fast path left to the chain. */
export interface Query {
  /** Lower case. */
  readonly name: WireName
  readonly type: number
}

/** What a link of the chain answers. An absent section is empty. */
export interface Reply {
  readonly rcode: number
  readonly authoritative: boolean
  readonly answers?: readonly ResourceRecord[]
  readonly authority?: readonly ResourceRecord[]
  readonly additional?: readonly ResourceRecord[]
}

/** Asks the rest of the chain. At the end of the chain stands REFUSED. */
type Next = () => Reply | Promise<Reply>

/** One link. A handler always returns a reply and never writes one; sync handlers stay sync. */
export type Handler = (query: Query, next: Next) => Reply | Promise<Reply>
