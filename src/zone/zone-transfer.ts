import type { ResourceRecord } from '../dns/resource-record.ts'
import { RrType } from '../dns/rr-type.ts'
import { isInZone, isSameName, lowerCaseName, parseName } from '../dns/wire-name.ts'
import type { StoreDelta } from '../store/cluster.ts'
import type { ClusterZoneOptions } from './cluster-zone-options.ts'
import { collectAnswers, type CollectedName, ownAnswers } from './collect-answers.ts'
import { recordRdata } from './record-rdata.ts'

/** The zone that is asked for, and the serial of its ClusterZone. */
export interface TransferRequest {
  /** An apex: `cluster.local.` or a reverse zone. */
  readonly zone: string
  readonly serial: number
}

/**
 * Every record of one zone in the order of a transfer, RFC 5936 §2.2: the SOA, the rest, each record once, and the SOA again.
 * `undefined` when the zone is none of ours. Names that are worked out when they are asked for are not there: pod names of
 * `pods insecure` and names by topology zone. `delta` leads from nothing to the present state.
 */
export function zoneTransfer(
  options: ClusterZoneOptions,
  delta: StoreDelta,
  { zone, serial }: TransferRequest,
): readonly ResourceRecord[] | undefined {
  const parsed = parseName(zone)
  if (!parsed) return undefined
  const apex = lowerCaseName(parsed)
  const names = [...collectAnswers({ ...options, zonal: false }, delta, serial)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, name]) => name)
  const soas = names.flatMap(({ name, answers }) =>
    answers.some(({ type }) => type === RrType.soa) ? [name] : [],
  )
  if (!soas.some(name => isSameName(name, apex))) return undefined
  const below = soas.filter(name => name.length > apex.length && isInZone(name, apex))
  const records = names
    .filter(({ name }) => isInZone(name, apex) && !below.some(other => isInZone(name, other)))
    .flatMap(recordsOf)
  const soa = records.find(({ type }) => type === RrType.soa)!
  return [soa, ...records.filter(record => record !== soa), soa]
}

/** The records of a name; glue is at the name that it belongs to. */
function recordsOf({ answers }: CollectedName): ResourceRecord[] {
  return ownAnswers(answers).flatMap(({ records }) =>
    records.map(record => ({
      name: record.name,
      type: record.type,
      ttlSeconds: record.ttlSeconds,
      rdata: recordRdata(record),
    })),
  )
}
