import type { EdnsOption } from '../dns/edns.ts'
import type { ResourceRecord } from '../dns/resource-record.ts'
import type { WireName } from '../dns/wire-name.ts'

/** Who asks, and over what. */
export interface Client {
  readonly address: string
  readonly port: number
  readonly family: 'IPv4' | 'IPv6'
  readonly transport: 'udp' | 'tcp' | 'tls'
}

/** The address and port that a client has sent its query to. */
export interface ServerAddress {
  readonly address: string
  readonly port: number
}

/** What the client's OPT record says. RFC 6891 §6.1. */
interface QueryEdns {
  readonly payloadBytes: number
  readonly dnssecOk: boolean
  readonly options: readonly EdnsOption[]
}

/** A question that the fast path left to the chain. A link that wants another question makes a copy. */
export interface Query {
  /** Lower case. */
  readonly name: WireName
  /** The name in the client's letter case, for logs and for upstreams. */
  readonly spelling: WireName
  readonly type: number
  readonly class: number
  readonly id: number
  readonly recursionDesired: boolean
  readonly checkingDisabled: boolean
  /** The serial of the zone that the client of an IXFR has; absent when it does not say. RFC 1995 §3. */
  readonly knownSerial?: number
  readonly authenticData: boolean
  readonly edns: QueryEdns | undefined
  /** The longest reply that the client takes. */
  readonly limitBytes: number
  /** Bytes of the message that the question came in. */
  readonly messageBytes: number
  readonly client: Client
  /** Where the query came in; absent in one that no client sent. */
  readonly server?: ServerAddress
  /** How many links have asked the whole server again on the way to this query. */
  readonly depth: number
  /** What plugins tell each other and logs about the query, under names like `kubernetes/namespace`. */
  readonly metadata: ReadonlyMap<string, () => string>
}

/** What a link of the chain answers. An absent section is empty. */
export interface Reply {
  readonly rcode: number
  readonly authoritative: boolean
  readonly recursionAvailable?: boolean
  readonly authenticData?: boolean
  /** TC, whether or not something had to be left out here. */
  readonly truncated?: boolean
  /** RD, where it is not to be the client's own. */
  readonly recursionDesired?: boolean
  /** The reply has to be this short even if the client takes more. */
  readonly limitBytes?: number
  readonly answers?: readonly ResourceRecord[]
  readonly authority?: readonly ResourceRecord[]
  readonly additional?: readonly ResourceRecord[]
  /** Options for the OPT record of the reply; left out when the client sent none. */
  readonly options?: readonly EdnsOption[]
  /** Why the rcode is what it is, for the error log. */
  readonly error?: string
  /** The answer comes from an upstream server: it may be kept and counted down. */
  readonly isFromUpstream?: true
  /** The client gets nothing at all. */
  readonly isDropped?: true
  /** Further messages with only an answer section, over TCP: a zone transfer, RFC 5936 §2.2. */
  readonly moreAnswers?: Iterable<readonly ResourceRecord[]>
}

/** A reply, now or later. Sync handlers stay sync. */
export type Answer = Reply | Promise<Reply>

/** Asks the rest of the chain: the query at hand, or another one. At the end of the chain stands REFUSED. */
export type Next = (query?: Query) => Answer

/** One link. A handler always returns a reply and never writes one. */
export type Handler = (query: Query, next: Next) => Answer
