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

/** Reads everything once and stores nothing, also beside a process that serves the same folder. `logger` hears of a server that is not there. */
export async function loadCluster(options: ClusterOptions, logger: Logger): Promise<LoadedCluster> {
  await using source = await openToLook(options, logger)
  const { changes, errors, warnings } = await source.read()
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
      logger,
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
