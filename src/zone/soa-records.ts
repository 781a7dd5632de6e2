import { RrType } from '../dns/rr-type.ts'
import { childOf, type ZoneFrame } from './cluster-zone-options.ts'
import type { SoaRecord } from './resource-record.ts'

/** A negative answer is kept no longer than this, however long records may be. */
const maxNegativeTtlSeconds = 300

/** The SOA record of each zone, with CoreDNS's values. RFC 1035 §3.3.13. */
export function soaRecords(frame: ZoneFrame, serial: number): readonly SoaRecord[] {
  return [frame.apex, ...frame.reverseApexes].map(name => ({
    type: RrType.soa,
    name,
    ttlSeconds: Math.min(frame.ttlSeconds, maxNegativeTtlSeconds),
    mname: childOf(name, 'ns', 'dns'),
    rname: childOf(name, 'hostmaster'),
    serial,
    refreshSeconds: 7200,
    retrySeconds: 1800,
    expireSeconds: 86_400,
    minimumSeconds: frame.ttlSeconds,
  }))
}
