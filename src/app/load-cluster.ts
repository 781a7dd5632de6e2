import type { Logger } from '../lib/logger.ts'
import { MetricCells } from '../lib/metric-cells.ts'
import { ApiSource } from '../sources/api-source.ts'
import type { ClusterSource } from '../sources/cluster-source.ts'
import { StandaloneSource } from '../sources/standalone-source.ts'
import { ServiceStore } from '../store/service-store.ts'
import type { ClusterOptions } from './cluster-options.ts'
import { openAccess } from './open-access.ts'

/** A cluster, read once. */
export interface LoadedCluster {
  readonly options: ClusterOptions
  readonly store: ServiceStore
  /** Manifests that do not count, and what looks unintended; lines for people. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

const silent: Logger = { info() {}, warn() {}, error() {} }

/** Reads everything once and stores nothing, also beside a process that serves the same folder. Rejects where a server does not let it. */
export async function loadCluster(options: ClusterOptions): Promise<LoadedCluster> {
  const { promise: failed, reject } = Promise.withResolvers<never>()
  // Nobody waits here for a server to come back.
  const logger = { ...silent, warn: (message: string) => reject(new Error(message)) }
  await using source = await openToLook(options, logger)
  const { changes, errors, warnings } = await Promise.race([source.read(), failed])
  const store = new ServiceStore()
  store.apply(changes)
  return { options, store, errors, warnings }
}

async function openToLook(
  { source, pods }: ClusterOptions,
  logger: Logger,
): Promise<ClusterSource> {
  if (source && 'manifests' in source) {
    const { state: directory, ...rest } = source
    return await StandaloneSource.open({
      ...rest,
      ...(directory !== undefined && { state: { directory, mode: 'look' } }),
      logger: silent,
    })
  }
  return new ApiSource({
    access: await openAccess(source),
    logger,
    cells: new MetricCells(() => {}),
    onRequest: () => {},
    pods: pods === 'verified' ? 'watch' : 'ignore',
    sliceLabels: 'keep',
  })
}
