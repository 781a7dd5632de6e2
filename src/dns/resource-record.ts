import type { WireName } from './wire-name.ts'

/** A record with its data in wire form, names in it uncompressed. Class IN. RFC 1035 §3.2.1. */
export interface ResourceRecord {
  readonly name: WireName
  readonly type: number
  readonly ttlSeconds: number
  readonly rdata: Uint8Array
}
