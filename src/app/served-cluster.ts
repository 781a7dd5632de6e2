import { AnswerWriter } from '../answers/answer-writer.ts'
import type { Logger } from '../lib/logger.ts'
import type { Change } from '../objects/change.ts'
import type { KubernetesSettings } from '../plugins/kubernetes/kubernetes-settings.ts'
import { releaseMemory } from '../server/release-memory.ts'
import type { SourceUpdate } from '../sources/standalone-source.ts'
import type { StoreDelta } from '../store/cluster.ts'
import { ServiceStore } from '../store/service-store.ts'
import { ClusterZone } from '../zone/cluster-zone.ts'
import type { ClusterZoneOptions } from '../zone/cluster-zone-options.ts'
import { renderZoneProblem, type ZoneProblem } from '../zone/zone-problems.ts'
import { describeChanges } from './change-lines.ts'
import { RestingSink } from './resting-sink.ts'

/** Objects in one step from which on the memory that it leaves is worth a collection. */
const largeChange = 5000
const releaseAfterMs = 1000

export interface ServedClusterOptions {
  readonly logger: Logger
  readonly localAddresses: readonly string[]
}

/** The cluster as it is answered: store ─▶ zone ─▶ answer table. Without `kubernetes` in the Corefile the table is empty. */
export class ServedCluster {
  readonly #options: ServedClusterOptions
  readonly #store = new ServiceStore()
  #settings: KubernetesSettings | undefined
  #table: Table
  #isComplete = false
  #release: NodeJS.Timeout | undefined

  constructor(settings: KubernetesSettings | undefined, options: ServedClusterOptions) {
    this.#options = options
    this.#settings = settings
    this.#table = openTable(settings, options)
    if (!settings) this.#table.answers.markComplete()
  }

  /** The memory that serving threads read. */
  get answers(): AnswerWriter {
    return this.#table.answers
  }

  get store(): ServiceStore {
    return this.#store
  }

  /** The first load: everything is there when this returns. */
  load(update: SourceUpdate): void {
    const { problems } = this.#apply(update.changes)
    this.#isComplete = true
    this.answers.markComplete()
    this.#table.sink?.start()
    releaseMemory()
    this.#report(update, problems)
  }

  change(update: SourceUpdate): void {
    const { delta, problems } = this.#apply(update.changes)
    for (const { message, fields } of describeChanges(delta)) {
      this.#options.logger.info(message, fields)
    }
    this.#report(update, problems)
    if (update.changes.length >= largeChange) this.#releaseSoon()
  }

  /**
   * Other settings: a table of their own is filled while the one in force goes on serving, and is in force here when this
   * returns. The same settings change nothing.
   */
  configure(settings: KubernetesSettings | undefined): void {
    if (isSameZone(this.#settings, settings)) return
    if (settings?.pods === 'verified' && this.#settings?.pods !== 'verified') {
      throw new Error('`pods verified` needs a restart: Pods have not been kept so far')
    }
    this.#settings = settings
    const table = openTable(settings, this.#options)
    table.zone?.apply(this.#store.everything(), nowSeconds())
    table.answers.endBatch()
    if (this.#isComplete || !settings) table.answers.markComplete()
    if (this.#isComplete) table.sink?.start()
    this.#table = table
    this.#releaseSoon()
  }

  close(): void {
    clearTimeout(this.#release)
  }

  #apply(changes: readonly Change[]): {
    delta: StoreDelta
    problems: readonly ZoneProblem[]
  } {
    const delta = this.#store.apply(
      this.#settings?.pods === 'verified' ? changes : withoutPods(changes),
    )
    const problems = this.#table.zone?.apply(delta, nowSeconds()).problems ?? []
    this.answers.endBatch()
    return { delta, problems }
  }

  #report({ errors, warnings, solved }: SourceUpdate, problems: readonly ZoneProblem[]): void {
    const { logger } = this.#options
    for (const line of solved) logger.info(`mended: ${line}`)
    for (const line of warnings) logger.warn(line)
    for (const line of errors) logger.error(line)
    for (const problem of problems) logger.warn(renderZoneProblem(problem))
  }

  /** When the change that has left much behind, and what comes with it, is over. */
  #releaseSoon(): void {
    clearTimeout(this.#release)
    this.#release = setTimeout(releaseMemory, releaseAfterMs).unref()
  }
}

interface Table {
  readonly answers: AnswerWriter
  readonly sink: RestingSink | undefined
  readonly zone: ClusterZone | undefined
}

function openTable(
  settings: KubernetesSettings | undefined,
  { localAddresses }: ServedClusterOptions,
): Table {
  const answers = new AnswerWriter()
  if (!settings) return { answers, sink: undefined, zone: undefined }
  const sink = new RestingSink(answers)
  return { answers, sink, zone: new ClusterZone(zoneOptions(settings, localAddresses), sink) }
}

function zoneOptions(
  settings: KubernetesSettings,
  localAddresses: readonly string[],
): ClusterZoneOptions {
  const {
    zones,
    reverseZones,
    ttlSeconds,
    pods,
    endpointPodNames,
    ignoreEmptyService,
    namespaces,
  } = settings
  return {
    zone: zones[0]!,
    reverseZones,
    ttlSeconds,
    pods,
    endpointPodNames,
    ignoreEmptyService,
    namespaces,
    localAddresses,
  }
}

/** True where the records are the same; the rest of the settings is the chain's. */
function isSameZone(
  one: KubernetesSettings | undefined,
  other: KubernetesSettings | undefined,
): boolean {
  return zonePart(one) === zonePart(other)
}

function zonePart(settings: KubernetesSettings | undefined): string | undefined {
  return settings && JSON.stringify({ ...settings, fallthrough: [], startupTimeoutMs: 0, api: {} })
}

/** Only `pods verified` looks at Pods; otherwise none has to be kept. */
function withoutPods(changes: readonly Change[]): Change[] {
  return changes.filter(
    change => (change.type === 'upsert' ? change.object.kind : change.kind) !== 'Pod',
  )
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
