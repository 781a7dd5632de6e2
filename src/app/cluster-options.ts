import type { Cidr } from '../lib/cidr.ts'

/** Which cluster is served, whatever is done with it. */
export interface ClusterOptions {
  readonly manifests: string
  readonly serviceCidrs: readonly Cidr[]
  readonly podCidrs: readonly Cidr[]
  readonly workloads: 'run' | 'ignore'
  /** Folder of the durable allocations. */
  readonly state?: string
  readonly zone: string
  /** Which pod names (`10-0-0-1.default.pod.ZONE`) exist: none, one for every address, or those of pods there are. */
  readonly pods: 'disabled' | 'insecure' | 'verified'
  readonly ttlSeconds: number
}
