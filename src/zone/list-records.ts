import { renderRrType } from '../dns/rr-type.ts'
import { renderName, type WireName } from '../dns/wire-name.ts'
import type { StoreDelta } from '../store/cluster.ts'
import type { ClusterZoneOptions } from './cluster-zone-options.ts'
import { collectAnswers, ownAnswers } from './collect-answers.ts'
import { type Answer, renderRecord } from './resource-record.ts'

/** All records of one name and type. */
export interface RecordList {
  readonly name: string
  readonly type: string
  /** As in a zone file. */
  readonly lines: readonly string[]
}

/**
 * Every record of the zones, name by name: parents before children, then by type number. The same
 * records that a ClusterZone compiles. `delta` leads from nothing to the state to be shown.
 */
export function listRecords(
  options: ClusterZoneOptions,
  delta: StoreDelta,
  nowSeconds: number,
): readonly RecordList[] {
  return [...collectAnswers(options, delta, nowSeconds)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { name, answers }]) => listName(name, answers))
}

function listName(name: WireName, answers: readonly Answer[]): RecordList[] {
  return ownAnswers(answers)
    .toSorted((a, b) => a.type - b.type)
    .map(answer => ({
      name: renderName(name),
      type: renderRrType(answer.type),
      lines: answer.records.map(renderRecord),
    }))
}
