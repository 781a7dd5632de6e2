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
  readonly ttlSeconds: number
}
