import { RrType } from '../dns/rr-type.ts'
import { labelsOf, type WireName } from '../dns/wire-name.ts'
import type { StoreDelta } from '../store/cluster.ts'
import { ClusterSelection } from './cluster-selection.ts'
import { type ClusterZoneOptions, resolveOptions } from './cluster-zone-options.ts'
import type { RecordSink } from './record-sink.ts'
import { type Answer, positiveAnswer } from './resource-record.ts'
import { soaRecords } from './soa-records.ts'
import { ZoneProblems } from './zone-problems.ts'
import { ZoneRecords } from './zone-records.ts'

/** A name of the zones with all its answers; none for an empty name. */
export interface CollectedName {
  readonly name: WireName
  readonly answers: readonly Answer[]
}

/**
 * All names that a ClusterZone has, their SOA records included, by their labels from right to left: sorted by key, a name
 * stands before what is below it. `delta` leads from nothing to the state to be shown.
 */
export function collectAnswers(
  options: ClusterZoneOptions,
  delta: StoreDelta,
  serial: number,
): ReadonlyMap<string, CollectedName> {
  const selected = new ClusterSelection(options).select(delta)
  const names = new Map<string, CollectedName>()
  const sink: RecordSink = {
    put: (name, answers) => names.set(sortKey(name), { name, answers }),
    /* c8 ignore next -- there was nothing before that could go */
    delete: name => names.delete(sortKey(name)),
  }
  for (const frame of resolveOptions(options)) {
    new ZoneRecords(frame, sink, new ZoneProblems()).apply(selected)
    for (const soa of soaRecords(frame, serial)) {
      const { name, answers } = names.get(sortKey(soa.name))!
      names.set(sortKey(name), { name, answers: [...answers, positiveAnswer([soa])] })
    }
  }
  return names
}

/** What belongs to the name itself: of an alias its CNAME, not what the answers follow it to. */
export function ownAnswers(answers: readonly Answer[]): readonly Answer[] {
  const aliases = answers.filter(answer => answer.type === RrType.cname)
  return aliases.length > 0 ? aliases : answers
}

function sortKey(name: WireName): string {
  return labelsOf(name).reverse().join('\0')
}
