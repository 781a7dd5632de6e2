import { RrType, renderRrType } from '../dns/rr-type.ts'
import { labelsOf, renderName, type WireName } from '../dns/wire-name.ts'
import type { StoreDelta } from '../store/cluster.ts'
import { ClusterSelection } from './cluster-selection.ts'
import { type ClusterZoneOptions, resolveOptions } from './cluster-zone-options.ts'
import { type Answer, isFilled, positiveAnswer, renderRecord } from './resource-record.ts'
import type { RecordSink } from './record-sink.ts'
import { soaRecords } from './soa-records.ts'
import { ZoneProblems } from './zone-problems.ts'
import { ZoneRecords } from './zone-records.ts'

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
  const frames = resolveOptions(options)
  const selected = new ClusterSelection(options).select(delta)
  const names = new Map<string, { name: WireName; answers: readonly Answer[] }>()
  const sink: RecordSink = {
    put: (name, answers) => names.set(sortKey(name), { name, answers }),
    /* c8 ignore next -- there was nothing before that could go */
    delete: name => names.delete(sortKey(name)),
  }
  for (const frame of frames) {
    new ZoneRecords(frame, sink, new ZoneProblems()).apply(selected)
    for (const soa of soaRecords(frame, nowSeconds)) {
      const { name, answers } = names.get(sortKey(soa.name))!
      names.set(sortKey(name), { name, answers: [...answers, positiveAnswer([soa])] })
    }
  }
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { name, answers }]) => listName(name, answers))
}

function listName(name: WireName, answers: readonly Answer[]): RecordList[] {
  const aliases = answers.filter(answer => answer.type === RrType.cname)
  const own = isFilled(aliases) ? aliases : answers
  return own
    .toSorted((a, b) => a.type - b.type)
    .map(answer => ({
      name: renderName(name),
      type: renderRrType(answer.type),
      lines: answer.records.map(renderRecord),
    }))
}

/** Labels from right to left, so that a name stands before what is below it. */
function sortKey(name: WireName): string {
  return labelsOf(name).reverse().join('\0')
}
