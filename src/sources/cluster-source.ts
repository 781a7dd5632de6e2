import type { Change } from '../objects/change.ts'

/** One step of a source. Problems and what is solved are lines for people. */
export interface SourceUpdate {
  readonly changes: readonly Change[]
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  readonly solved: readonly string[]
  /** When what led to new endpoints happened, for those Services whose slices say it. */
  readonly triggers?: readonly EndpointsTrigger[]
}

/** The oldest change of pods that a slice answers for. */
export interface EndpointsTrigger {
  readonly namespace: string
  readonly serviceName: string
  /** Milliseconds since 1970, of the cluster's clock. */
  readonly atMs: number
}

/** Where the objects of a cluster come from. */
export interface ClusterSource extends AsyncDisposable {
  /** Everything there is, as soon as it is known; to be called once, first. Rejects where it never will be, and on `close`. */
  read(): Promise<SourceUpdate>
  /** Tells what changes after `read` until `close`. */
  watch(onUpdate: (update: SourceUpdate) => void): void
  /** Tells of Pods from now on, where it can begin with them later; resolves when all there are have been told. */
  followPods?(): Promise<void>
  close(): Promise<void>
}
