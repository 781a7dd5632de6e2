import { Flag3, readUint16 } from '../dns/header.ts'
import type { QueryScan } from '../dns/query-scan.ts'
import type { Exchange } from '../plugins/exchange.ts'
import type { Origin } from './query-pipeline.ts'

/** A query and its reply that was written at once, without the chain. */
interface WrittenReply {
  readonly message: Uint8Array
  readonly scan: QueryScan
  /** The reply, up to `length`. */
  readonly bytes: Uint8Array
  readonly length: number
  readonly origin: Origin
  readonly durationMs: number
}

/** The exchange of replies that no link has seen: one object for all, so that telling of them allocates nothing that lasts. */
export class ReusedExchange {
  /** What is told of this reply; holds until the next one. */
  fill(
    zone: string,
    plugin: string,
    { message, scan, bytes, length, origin, durationMs }: WrittenReply,
  ): Exchange {
    const exchange = this.#exchange
    exchange.zone = zone
    exchange.type = scan.type
    exchange.class = scan.class
    exchange.transport = origin.transport
    exchange.family = origin.client.family
    exchange.dnssecOk = scan.dnssecOk
    exchange.queryBytes = message.length
    exchange.replyBytes = length
    exchange.rcode = bytes[3]! & Flag3.rcode
    exchange.flags = readUint16(bytes, 2)
    exchange.durationMs = durationMs
    exchange.plugin = plugin
    return exchange
  }

  readonly #exchange: { -readonly [Key in keyof Exchange]: Exchange[Key] } = {
    zone: '',
    type: 0,
    class: 1,
    transport: 'udp',
    family: 'IPv4',
    dnssecOk: false,
    queryBytes: 0,
    replyBytes: 0,
    rcode: 0,
    flags: 0,
    durationMs: 0,
    plugin: '',
    query: undefined,
    reply: undefined,
  }
}
