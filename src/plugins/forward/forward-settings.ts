import type { UpstreamTarget } from './upstream-address.ts'

/** How upstreams are reached. State that has been kept for one set of these is of no use for another. */
export interface TransportSettings {
  readonly forceTcp: boolean
  /** Letter case at random in questions over UDP, so that a forged reply must guess it too: "0x20". */
  readonly isCaseRandom: boolean
  readonly expireMs: number
  /** 0 for connections of any age. */
  readonly maxAgeMs: number
  /** 0 for any number. */
  readonly maxIdleConns: number
  /** `undefined` for the usual times of a try. */
  readonly readTimeoutMs: number | undefined
  /** 0 for upstreams that are never down. */
  readonly maxFails: number
  readonly healthCheck: HealthCheckSettings
  readonly tls: TlsSettings
  readonly sourceAddress: string | undefined
}

export interface HealthCheckSettings {
  readonly intervalMs: number
  readonly recursionDesired: boolean
  readonly domain: string
}

/** Texts in PEM. */
export interface TlsSettings {
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly ca: string | undefined
}

export type Policy = 'random' | 'round_robin' | 'sequential'

/** What a `forward` directive says. Zones are lower case with a final dot. */
export interface ForwardSettings {
  /** One zone, or the reverse zones of a network. */
  readonly from: readonly string[]
  readonly targets: readonly UpstreamTarget[]
  readonly except: readonly string[]
  readonly policy: Policy
  /** 0 when not limited by the directive. */
  readonly maxConcurrent: number
  /** 0 for any number; `undefined` for twice the number of upstreams. */
  readonly maxConnectAttempts: number | undefined
  readonly nextRcodes: readonly number[]
  readonly nextOnNodata: boolean
  readonly failoverRcodes: readonly number[]
  readonly failfast: boolean
  readonly transport: TransportSettings
}
