import { AnswerWriter } from '../answers/answer-writer.ts'
import type { Logger } from '../lib/logger.ts'
import type { Change } from '../objects/change.ts'
import type { ResourceRecord } from '../dns/resource-record.ts'
import { releaseMemory } from '../server/release-memory.ts'
import type { SourceUpdate } from '../sources/cluster-source.ts'
import type { StoreDelta } from '../store/cluster.ts'
import { ServiceStore } from '../store/service-store.ts'
import { ClientTable } from '../zone/client-table.ts'
import { renderZoneProblem, type ZoneProblem } from '../zone/zone-problems.ts'
import { zoneTransfer } from '../zone/zone-transfer.ts'
import { describeChanges } from './change-lines.ts'
import { type ClusterTable, openClusterTable } from './cluster-table.ts'
import type { ClusterPlan } from './serving-plan.ts'

/** Changed objects from which on the memory that they leave is worth a collection. */
const largeChange = 5000
const releaseAfterMs = 1000

export interface ServedClusterOptions {
  readonly logger: Logger
  readonly localAddresses: readonly string[]
}

/** The cluster as it is answered: store ─▶ zones ─▶ answer table. Without `kubernetes` in the Corefile the table is empty. */
export class ServedCluster {
  readonly #options: ServedClusterOptions
  readonly #store = new ServiceStore()
  readonly #clients = new AnswerWriter()
  #plan: ClusterPlan
  #table: ClusterTable
  #clientTable: ClientTable | undefined
  #clientDetail: ClusterPlan['clients'] = 'nothing'
  #isComplete = false
  #keepsPods: boolean
  #release: NodeJS.Timeout | undefined
  /** Objects that have changed since the last collection: a list comes in many steps. */
  #unreleased = 0

  constructor(plan: ClusterPlan, options: ServedClusterOptions) {
    this.#options = options
    this.#plan = plan
    this.#keepsPods = plan.kubernetes?.pods === 'verified'
    this.#table = openClusterTable(plan, options.localAddresses)
    this.#keepClients(plan)
    this.#clients.markComplete()
    if (!plan.kubernetes) this.#table.answers.markComplete()
  }

  /** What serving threads read: the answers, and who has which address. */
  get answers(): AnswerWriter {
    return this.#table.answers
  }

  get clients(): AnswerWriter {
    return this.#clients
  }

  get store(): ServiceStore {
    return this.#store
  }

  /** The first load: everything is there when this returns. */
  load(update: SourceUpdate): void {
    const { problems } = this.#apply(update.changes)
    this.#isComplete = true
    this.answers.markComplete()
    this.#table.sink.start()
    this.#releaseSoon()
    this.#report(update, problems)
  }

  change(update: SourceUpdate): void {
    const { delta, problems } = this.#apply(update.changes)
    for (const { message, fields } of describeChanges(delta)) {
      this.#options.logger.info(message, fields)
    }
    this.#report(update, problems)
    this.#unreleased += update.changes.length
    if (this.#unreleased >= largeChange) this.#releaseSoon()
  }

  /** Pods that a source tells of are kept from now on, for a plan to come. */
  keepPods(): void {
    this.#keepsPods = true
  }

  /**
   * Another plan: a table of its own is filled while the one in force goes on serving, and is in force here when this returns. The
   * same plan changes nothing. Throws where the plan needs objects that have not been kept.
   */
  configure(plan: ClusterPlan): void {
    if (JSON.stringify(plan) === JSON.stringify(this.#plan)) return
    if (plan.kubernetes?.pods === 'verified' && !this.#keepsPods) {
      throw new Error('`pods verified` needs a restart: Pods have not been kept so far')
    }
    const table = openClusterTable(plan, this.#options.localAddresses)
    const everything = this.#store.everything()
    for (const zone of table.zones) zone.apply(everything, nowSeconds())
    table.answers.endBatch()
    this.#keepClients(plan)
    if (this.#isComplete || !plan.kubernetes) table.answers.markComplete()
    if (this.#isComplete) table.sink.start()
    this.#plan = plan
    this.#table = table
    this.#releaseSoon()
  }

  /** Every record of a zone in the order of a transfer; `undefined` when it is none of ours. */
  transfer(zone: string): readonly ResourceRecord[] | undefined {
    const { main } = this.#table
    if (!main) return undefined
    return zoneTransfer(main.options, this.#store.everything(), { zone, serial: main.zone.serial })
  }

  close(): void {
    clearTimeout(this.#release)
  }

  #apply(changes: readonly Change[]): {
    delta: StoreDelta
    problems: readonly ZoneProblem[]
  } {
    const delta = this.#store.apply(this.#keepsPods ? changes : withoutPods(changes))
    const problems = this.#table.zones.flatMap(zone => zone.apply(delta, nowSeconds()).problems)
    this.answers.endBatch()
    if (this.#clientTable) {
      this.#clientTable.apply(delta.pods)
      this.#clients.endBatch()
    }
    return { delta, problems }
  }

  /** Once kept, the table goes on: a configuration in which nobody needs it may be followed by one in which somebody does. */
  #keepClients({ clients }: ClusterPlan): void {
    if (clients === 'nothing' || clients === this.#clientDetail) return
    this.#clientDetail = clients
    this.#clientTable = new ClientTable(this.#clients, clients)
    this.#clientTable.apply(this.#store.everything().pods)
    this.#clients.endBatch()
  }

  #report({ errors, warnings, solved }: SourceUpdate, problems: readonly ZoneProblem[]): void {
    const { logger } = this.#options
    for (const line of solved) logger.info(`mended: ${line}`)
    for (const line of warnings) logger.warn(line)
    for (const line of errors) logger.error(line)
    for (const problem of problems) logger.warn(renderZoneProblem(problem))
  }

  /** When what has left much behind, and what comes with it, is over: it takes a tenth of a second, in which nothing changes. */
  #releaseSoon(): void {
    clearTimeout(this.#release)
    this.#unreleased = 0
    this.#release = setTimeout(releaseMemory, releaseAfterMs).unref()
  }
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
