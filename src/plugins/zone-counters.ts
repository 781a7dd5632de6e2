import { renderRcode } from '../dns/rcode.ts'
import { renderRrType } from '../dns/rr-type.ts'
import type { Counter, Histogram, MetricCells } from '../lib/metric-cells.ts'
import type { Exchange } from './exchange.ts'

/** CoreDNS's buckets: 0.25 ms to 8.192 s, each twice the one before. */
const secondsBuckets = Array.from({ length: 16 }, (_, n) => 0.00025 * 2 ** n)
const sizeBuckets = [0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16e3, 32e3, 48e3, 64e3]

/** A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, DS, RRSIG, NSEC, DNSKEY, NSEC3, SVCB, HTTPS, IXFR, AXFR, ANY; others are `other`. */
const countedTypes = [1, 2, 5, 6, 12, 15, 16, 28, 33, 43, 46, 47, 48, 50, 64, 65, 251, 252, 255]
const typeNames = ['other', ...countedTypes.map(renderRrType)]

/** Place of a type in {@link typeNames}, by its number. */
const typeSlots = Uint8Array.from({ length: 256 }, (_, type) => countedTypes.indexOf(type) + 1)

/** Rcodes from here on are `other`: upstreams could make up 4,096. */
const namedRcodes = 24

type Labels = Readonly<Record<'server' | 'zone' | 'view', string>>

/** The metrics of one zone of a block. Counting allocates nothing but when a series is counted for the first time. */
export class ZoneCounters {
  readonly #metrics: MetricCells
  readonly #labels: Labels
  readonly #seconds: Histogram
  readonly #udp: ProtocolCounters
  readonly #tcp: ProtocolCounters
  #dnssecOk: Counter | undefined
  /** Plugin ─▶ by rcode. */
  readonly #replies = new Map<string, (Counter | undefined)[]>()

  constructor(metrics: MetricCells, labels: Labels) {
    this.#metrics = metrics
    this.#labels = labels
    this.#seconds = metrics.histogram(
      'coredns_dns_request_duration_seconds',
      secondsBuckets,
      labels,
    )
    this.#udp = new ProtocolCounters(metrics, { ...labels, proto: 'udp' })
    this.#tcp = new ProtocolCounters(metrics, { ...labels, proto: 'tcp' })
  }

  count(exchange: Exchange): void {
    const protocol = exchange.transport === 'udp' ? this.#udp : this.#tcp
    protocol.count(exchange)
    this.#seconds.observe(exchange.durationMs / 1000)
    if (exchange.dnssecOk) {
      this.#dnssecOk ??= this.#metrics.counter('coredns_dns_do_requests_total', this.#labels)
      this.#dnssecOk.add()
    }
    this.#replyCounter(exchange.plugin, Math.min(exchange.rcode, namedRcodes)).add()
  }

  #replyCounter(plugin: string, slot: number): Counter {
    let ofPlugin = this.#replies.get(plugin)
    if (!ofPlugin) {
      ofPlugin = Array.from({ length: namedRcodes + 1 }, () => undefined)
      this.#replies.set(plugin, ofPlugin)
    }
    return (ofPlugin[slot] ??= this.#metrics.counter('coredns_dns_responses_total', {
      ...this.#labels,
      rcode: slot < namedRcodes ? renderRcode(slot) : 'other',
      plugin,
    }))
  }
}

/** What is counted over UDP and TCP by itself. */
class ProtocolCounters {
  readonly #metrics: MetricCells
  readonly #labels: Labels & { readonly proto: string }
  readonly #queryBytes: Histogram
  readonly #replyBytes: Histogram
  /** By type, IPv4 then IPv6. */
  readonly #queries: (Counter | undefined)[] = typeNames.flatMap(() => [undefined, undefined])

  constructor(metrics: MetricCells, labels: Labels & { readonly proto: string }) {
    this.#metrics = metrics
    this.#labels = labels
    this.#queryBytes = metrics.histogram('coredns_dns_request_size_bytes', sizeBuckets, labels)
    this.#replyBytes = metrics.histogram('coredns_dns_response_size_bytes', sizeBuckets, labels)
  }

  count({ type, family, queryBytes, replyBytes }: Exchange): void {
    const typeSlot = typeSlots[type] ?? 0
    const slot = 2 * typeSlot + (family === 'IPv4' ? 0 : 1)
    const counter = (this.#queries[slot] ??= this.#metrics.counter('coredns_dns_requests_total', {
      ...this.#labels,
      family: family === 'IPv4' ? '1' : '2',
      type: typeNames[typeSlot]!,
    }))
    counter.add()
    this.#queryBytes.observe(queryBytes)
    this.#replyBytes.observe(replyBytes)
  }
}
