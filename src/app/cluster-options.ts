import type { Cidr } from '../lib/cidr.ts'

/** Where the objects of a cluster come from: a folder, or an API server. */
export type SourceOptions = FolderOptions | ApiOptions

/** The cluster that a kubeconfig tells of. */
export interface ApiOptions {
  readonly kubeconfig: string
  /** Another context than the current one. */
  readonly context?: string
}

/** A folder of manifests, as a cluster. */
export interface FolderOptions {
  readonly manifests: string
  readonly serviceCidrs: readonly Cidr[]
  readonly podCidrs: readonly Cidr[]
  readonly workloads: 'run' | 'ignore'
  /** Folder of the durable allocations. */
  readonly state?: string
}

/** Which cluster is looked at without a Corefile, and what its zone is like. */
export interface ClusterOptions {
  /** That of the pod that this runs in where none is named. */
  readonly source: SourceOptions | undefined
  readonly zone: string
  /** Which pod names (`10-0-0-1.default.pod.ZONE`) exist: none, one for every address, or those of pods there are. */
  readonly pods: 'disabled' | 'insecure' | 'verified'
  readonly ttlSeconds: number
}
