import { controllerOf } from './controller-reference.ts'
import type { Labels } from './labels.ts'
import {
  rawArray,
  rawInteger,
  rawLabels,
  rawObject,
  type RawObject,
  rawString,
} from './raw-value.ts'
import type { Protocol } from './service.ts'

export interface ContainerPort {
  readonly name: string
  readonly protocol: Protocol
  readonly containerPort: number
}

/** What a pod and a workload's template have in common: all that endpoints are computed from. */
export interface PodTemplate {
  readonly labels: Labels
  readonly hostname: string
  readonly subdomain: string
  readonly nodeName: string
  /** Ports of the containers, then of the sidecar init containers (restartPolicy Always), in order. */
  readonly ports: readonly ContainerPort[]
}

export interface Pod extends PodTemplate {
  readonly kind: 'Pod'
  readonly namespace: string
  readonly name: string
  /** The workload that made it, as `ReplicaSet/web-6f94f6f679`; left out when there is none. */
  readonly controller?: string
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
  /** Normalised as the API does: no `podIPs`, or one that disagrees with `podIP`, reads as `[podIP]`. */
  readonly podIPs: readonly string[]
  /** The condition Ready is True. */
  readonly ready: boolean
  readonly terminating: boolean
  /** False for a manifest as people write it: without a status, or with the empty one of a dry run. */
  readonly hasStatus: boolean
}

/** Reads a Pod that is already known to be valid; odd fields read as absent. */
export function reducePod(api: RawObject): Pod {
  const metadata = rawObject(api['metadata'])
  const status = rawObject(api['status'])
  const controller = controllerOf(metadata)
  return {
    kind: 'Pod',
    namespace: rawString(metadata['namespace']),
    name: rawString(metadata['name']),
    ...(controller !== '' && { controller }),
    ...reducePodTemplate(api),
    phase: (rawString(status['phase']) || 'Pending') as Pod['phase'],
    podIPs: podIpsOf(status),
    ready: rawArray(status['conditions'])
      .map(rawObject)
      .some(condition => condition['type'] === 'Ready' && condition['status'] === 'True'),
    terminating: rawString(metadata['deletionTimestamp']) !== '',
    hasStatus: Object.keys(status).length > 0,
  }
}

/** Reads the `metadata` and `spec` that a Pod and a workload's `spec.template` share. */
export function reducePodTemplate(api: RawObject): PodTemplate {
  const spec = rawObject(api['spec'])
  const sidecars = rawArray(spec['initContainers'])
    .map(rawObject)
    .filter(container => container['restartPolicy'] === 'Always')
  return {
    labels: rawLabels(rawObject(api['metadata'])['labels']),
    hostname: rawString(spec['hostname']),
    subdomain: rawString(spec['subdomain']),
    nodeName: rawString(spec['nodeName']),
    ports: [...rawArray(spec['containers']).map(rawObject), ...sidecars].flatMap(containerPortsOf),
  }
}

function containerPortsOf(container: RawObject): ContainerPort[] {
  return rawArray(container['ports'])
    .map(rawObject)
    .map(port => ({
      name: rawString(port['name']),
      protocol: (rawString(port['protocol']) || 'TCP') as Protocol,
      containerPort: rawInteger(port['containerPort']) ?? 0,
    }))
}

function podIpsOf(status: RawObject): readonly string[] {
  const podIp = rawString(status['podIP'])
  const podIps = rawArray(status['podIPs']).map(entry => rawString(rawObject(entry)['ip']))
  if (podIps.length === 0 || (podIp !== '' && podIps[0] !== podIp))
    return podIp === '' ? [] : [podIp]
  return podIps
}
