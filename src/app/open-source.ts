import type { Logger } from '../lib/logger.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import type { KubernetesSettings } from '../plugins/kubernetes/kubernetes-settings.ts'
import { ApiSource } from '../sources/api-source.ts'
import type { ClusterSource } from '../sources/cluster-source.ts'
import type { ManifestCounts } from '../sources/manifest-set.ts'
import { StandaloneSource } from '../sources/standalone-source.ts'
import type { FolderOptions, SourceOptions } from './cluster-options.ts'
import { openAccess } from './open-access.ts'
import { RequestMetrics } from './request-metrics.ts'

/** An open source, and what people are told of it. */
export interface OpenSource {
  readonly source: ClusterSource
  /** Address of the API server. */
  readonly server?: string
  /** What a folder holds, once it has been read. */
  counts?(): ManifestCounts
  /** Brings its metrics up to date. */
  publish?(): void
  /** A folder is there as a whole or cannot be served; a server may come later. */
  readonly mayBeLate: boolean
}

export interface OpenSourceOptions {
  readonly source: SourceOptions | undefined
  readonly logger: Logger
  readonly cells: MetricCells
  readonly onProgress?: (filesDone: number, filesTotal: number) => void
}

/** Rejects where it cannot be: no folder, no kubeconfig, not in a cluster. That a server does not answer is not known here. */
export async function openSource(
  settings: KubernetesSettings,
  options: OpenSourceOptions,
): Promise<OpenSource> {
  const { source, logger, cells } = options
  if (source && 'manifests' in source) return await openFolder(source, options)
  const access = await openAccess(source, settings.api)
  const requests = new RequestMetrics(access.server, cells)
  const opened = new ApiSource({
    access,
    logger: ofPlugin(logger),
    onRequest: request => requests.count(request),
    cells,
    pods: settings.pods === 'verified' ? 'watch' : 'ignore',
    sliceLabels: settings.labels === undefined ? 'drop' : 'keep',
  })
  return {
    source: opened,
    server: access.server,
    publish: () => opened.publish(),
    mayBeLate: true,
  }
}

async function openFolder(
  { state: directory, ...rest }: FolderOptions,
  { logger, onProgress }: OpenSourceOptions,
): Promise<OpenSource> {
  const source = await StandaloneSource.open({
    ...rest,
    logger,
    ...(onProgress && { onProgress }),
    ...(directory !== undefined && { state: { directory, mode: 'keep' } }),
  })
  return { source, counts: () => source.counts, mayBeLate: false }
}

/** As CoreDNS marks what its plugin says. */
const mark = (message: string): string => `plugin/kubernetes: ${message}`

function ofPlugin(logger: Logger): Logger {
  return {
    info: (message, fields) => logger.info(mark(message), fields),
    warn: (message, fields) => logger.warn(mark(message), fields),
    error: (message, fields) => logger.error(mark(message), fields),
  }
}
