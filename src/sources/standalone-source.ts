import { type Cidr, formatCidr } from '../lib/cidr.ts'
import type { Logger } from '../lib/logger.ts'
import { AllocationState } from './allocation-state.ts'
import { AllocationStateError } from './allocation-state-error.ts'
import type { ClusterSource, SourceUpdate } from './cluster-source.ts'
import { ManifestFolder } from './manifest-folder.ts'
import { renderProblem } from './manifest-problem.ts'
import type { ManifestBatch, ManifestCounts } from './manifest-set.ts'
import { type ServiceStorage } from './service-registry.ts'
import { StandaloneCluster } from './standalone-cluster.ts'

export interface StandaloneSourceOptions {
  readonly manifests: string
  readonly serviceCidrs: readonly Cidr[]
  readonly podCidrs: readonly Cidr[]
  readonly workloads: 'run' | 'ignore'
  /** Where allocations are kept. `look` reads what a serving process has stored and stores nothing. */
  readonly state?: { readonly directory: string; readonly mode: 'keep' | 'look' }
  readonly logger: Logger
  readonly onProgress?: (filesDone: number, filesTotal: number) => void
}

/** How soon allocations are stored again after the disk refused them. */
const storeAgainMs = 1000
/** Names in one line of the log. */
const MOST_NAMED = 10

/** A folder of manifests as a cluster: reads it, allocates, runs its workloads, and follows its changes. */
export class StandaloneSource implements ClusterSource {
  readonly #options: StandaloneSourceOptions
  readonly #folder: ManifestFolder
  readonly #cluster: StandaloneCluster
  readonly #state: AllocationState | undefined
  /** Reports about manifests that are still true: while there is one, nothing stored is given up. */
  #standingErrors = 0
  #onUpdate: ((update: SourceUpdate) => void) | undefined
  #storeAgain: NodeJS.Timeout | undefined

  private constructor(
    folder: ManifestFolder,
    options: StandaloneSourceOptions,
    state: AllocationState | undefined,
  ) {
    this.#options = options
    this.#folder = folder
    this.#state = state
    this.#cluster = new StandaloneCluster({
      ...options,
      ...(state && { storage: options.state?.mode === 'look' ? onlyLoad(state) : state }),
    })
  }

  /** Rejects with ManifestFolderError, AllocationStateError or, for unusable CIDRs, RangeError. */
  static async open(options: StandaloneSourceOptions): Promise<StandaloneSource> {
    const folder = await ManifestFolder.open(options.manifests, options)
    const state = await openState(options.state)
    try {
      return new StandaloneSource(folder, options, state)
    } catch (error) {
      state?.close()
      throw error
    }
  }

  get counts(): ManifestCounts {
    return this.#folder.counts
  }

  /** The whole folder; to be called once, first. */
  async read(): Promise<SourceUpdate> {
    const update = this.#apply(await this.#folder.read())
    const { unclaimed } = this.#cluster
    return {
      ...update,
      warnings: [
        ...warningsOfFamilies(this.#options),
        ...update.warnings,
        ...(unclaimed.length > 0 ? [renderUnclaimed(unclaimed)] : []),
      ],
    }
  }

  /** Follows the folder until `close`. */
  watch(onUpdate: (update: SourceUpdate) => void): void {
    this.#onUpdate = onUpdate
    this.#folder.watch(batch => onUpdate(this.#apply(batch)))
  }

  async close(): Promise<void> {
    await this.#folder.close()
    clearTimeout(this.#storeAgain)
    this.#state?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #apply(batch: ManifestBatch): SourceUpdate {
    const errors = batch.problems.filter(({ severity }) => severity === 'error')
    const warnings = batch.problems.filter(({ severity }) => severity === 'warning')
    this.#standingErrors += errors.length
    this.#standingErrors -= batch.solved.filter(({ severity }) => severity === 'error').length
    const update = this.#cluster.apply(batch, { isWhole: this.#standingErrors === 0 })
    if (!update.isStored) this.#tryAgain()
    return {
      changes: update.changes,
      errors: [...errors.map(renderProblem), ...update.problems],
      warnings: [...warnings.map(renderProblem), ...update.warnings],
      solved: [...batch.solved.map(renderProblem), ...update.solved],
    }
  }

  #tryAgain(): void {
    clearTimeout(this.#storeAgain)
    this.#storeAgain = setTimeout(() => {
      if (!this.#onUpdate) return this.#tryAgain()
      this.#onUpdate(this.#apply({ upserts: [], deletes: [], problems: [], solved: [] }))
    }, storeAgainMs)
  }
}

/** Legal, as in a cluster, but hardly meant: one line for each family that only Services have. */
function warningsOfFamilies({
  serviceCidrs,
  podCidrs,
  workloads,
}: StandaloneSourceOptions): string[] {
  if (workloads === 'ignore') return []
  const pods = podCidrs.map(formatCidr).join(', ')
  return serviceCidrs
    .filter(({ family }) => podCidrs.every(cidr => cidr.family !== family))
    .map(
      ({ family }) =>
        `pods have addresses of ${pods} only: ${family} Services get no endpoints from workloads`,
    )
}

/** Without a manifest there are no ports and no selector: only the addresses are known, and kept. */
function renderUnclaimed(keys: readonly string[]): string {
  const named = keys.slice(0, MOST_NAMED).join(', ')
  const others = keys.length > MOST_NAMED ? ` and ${keys.length - MOST_NAMED} more` : ''
  return `not answered until every manifest can be read, addresses stay reserved: ${named}${others}`
}

async function openState(
  state: StandaloneSourceOptions['state'],
): Promise<AllocationState | undefined> {
  if (!state) return undefined
  if (state.mode === 'keep') return AllocationState.open(state.directory)
  try {
    return await AllocationState.openReadOnly(state.directory)
  } catch (error) {
    // Nothing has been served from there yet: what would be allocated is what there is to see.
    if (error instanceof AllocationStateError && error.code === 'missing') return undefined
    throw error
  }
}

function onlyLoad(state: AllocationState): ServiceStorage {
  return { load: () => state.load(), commit: () => {} }
}
