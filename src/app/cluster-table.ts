import { AnswerWriter } from '../answers/answer-writer.ts'
import { SinkParts } from '../answers/sink-parts.ts'
import type { StoreDelta } from '../store/cluster.ts'
import type { ClusterZoneOptions } from '../zone/cluster-zone-options.ts'
import { ClusterZone, type ZoneUpdate } from '../zone/cluster-zone.ts'
import { ExternalZone } from '../zone/external-zone.ts'
import { zoneOptionsOf } from '../zone/zone-options-of.ts'
import { RestingSink } from './resting-sink.ts'
import type { ClusterPlan } from './serving-plan.ts'

/** An answer table and the zones that keep it. */
export interface ClusterTable {
  readonly answers: AnswerWriter
  readonly sink: RestingSink
  /** The zones of `kubernetes`; `undefined` without it. */
  readonly main: { readonly zone: ClusterZone; readonly options: ClusterZoneOptions } | undefined
  /** Everything that is kept equal to the cluster. */
  readonly zones: readonly { apply(delta: StoreDelta, nowSeconds: number): ZoneUpdate }[]
}

/** A table without an object yet. */
export function openClusterTable(
  { kubernetes, external }: ClusterPlan,
  localAddresses: readonly string[],
): ClusterTable {
  const answers = new AnswerWriter()
  const sink = new RestingSink(answers)
  if (!kubernetes) return { answers, sink, main: undefined, zones: [] }
  const parts = new SinkParts(sink)
  const options = zoneOptionsOf(kubernetes, localAddresses)
  const zone = new ClusterZone(options, parts.part())
  const outer = external.map(({ zones: [first, ...rest], apexLabel, ttlSeconds, headless }) => {
    const zones = [first!, ...rest] as const
    return new ExternalZone(
      { zones, apexLabel, ttlSeconds, headless, cluster: options },
      parts.part(),
    )
  })
  return { answers, sink, main: { zone, options }, zones: [zone, ...outer] }
}
