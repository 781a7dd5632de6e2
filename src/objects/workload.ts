import { controllerOf } from './controller-reference.ts'
import type { Labels } from './labels.ts'
import { type PodTemplate, reducePodTemplate } from './pod.ts'
import { rawInteger, rawLabels, rawObject, type RawObject, rawString } from './raw-value.ts'

export const workloadKinds = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'] as const
export type WorkloadKind = (typeof workloadKinds)[number]

/** A controller of pods, reduced to what its pods will look like. */
export interface Workload {
  readonly kind: WorkloadKind
  readonly namespace: string
  readonly name: string
  /** The Deployment of a ReplicaSet, as `Deployment/web`; left out when there is none. */
  readonly controller?: string
  /** Of a DaemonSet as many as its status wants, else 1: a folder of manifests has one node. */
  readonly replicas: number
  /** The governing Service of a StatefulSet, else ''. */
  readonly serviceName: string
  /** `spec.ordinals.start` of a StatefulSet, else 0. */
  readonly firstOrdinal: number
  readonly matchLabels: Labels
  readonly template: PodTemplate
}

/** Reads a workload that is already known to be valid; odd fields read as absent. */
export function reduceWorkload(api: RawObject): Workload {
  const metadata = rawObject(api['metadata'])
  const spec = rawObject(api['spec'])
  const kind = rawString(api['kind']) as WorkloadKind
  const controller = controllerOf(metadata)
  const replicas =
    kind === 'DaemonSet' ? rawObject(api['status'])['desiredNumberScheduled'] : spec['replicas']
  return {
    kind,
    namespace: rawString(metadata['namespace']),
    name: rawString(metadata['name']),
    ...(controller !== '' && { controller }),
    replicas: rawInteger(replicas) ?? 1,
    serviceName: kind === 'StatefulSet' ? rawString(spec['serviceName']) : '',
    firstOrdinal:
      kind === 'StatefulSet' ? (rawInteger(rawObject(spec['ordinals'])['start']) ?? 0) : 0,
    matchLabels: rawLabels(rawObject(spec['selector'])['matchLabels']),
    template: reducePodTemplate(rawObject(spec['template'])),
  }
}
