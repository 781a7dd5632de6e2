import type { Logger } from '../lib/logger.ts'
import { StandaloneSource } from '../sources/standalone-source.ts'
import { ServiceStore } from '../store/service-store.ts'
import type { ClusterOptions } from './cluster-options.ts'

/** A folder of manifests as the cluster it amounts to, read once. */
export interface LoadedCluster {
  readonly options: ClusterOptions
  readonly store: ServiceStore
  /** Manifests that do not count, and what looks unintended; lines for people. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

const silent: Logger = { info() {}, warn() {}, error() {} }

/** Reads everything once and stores nothing, also beside a process that serves the same folder. */
export async function loadCluster(options: ClusterOptions): Promise<LoadedCluster> {
  const { state: directory, ...rest } = options
  await using source = await StandaloneSource.open({
    ...rest,
    ...(directory !== undefined && { state: { directory, mode: 'look' } }),
    logger: silent,
  })
  const { changes, errors, warnings } = await source.read()
  const store = new ServiceStore()
  store.apply(changes)
  return { options, store, errors, warnings }
}
