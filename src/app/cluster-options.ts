import type { Cidr } from '../lib/cidr.ts'

/** Where the objects of a cluster come from. */
export interface SourceOptions {
  readonly manifests: string
  readonly serviceCidrs: readonly Cidr[]
  readonly podCidrs: readonly Cidr[]
  readonly workloads: 'run' | 'ignore'
  /** Folder of the durable allocations. */
  readonly state?: string
}

/** Which cluster is looked at without a Corefile. */
export interface ClusterOptions extends SourceOptions {
  readonly zone: string
  /** Which pod names (`10-0-0-1.default.pod.ZONE`) exist: none, one for every address, or those of pods there are. */
  readonly pods: 'disabled' | 'insecure' | 'verified'
  readonly ttlSeconds: number
}
