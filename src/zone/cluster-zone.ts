import type { AnswerSink } from '../answers/compiled-answer.ts'
import type { StoreDelta } from '../store/cluster.ts'
import { AnswerCompiler } from './answer-compiler.ts'
import { ClusterSelection } from './cluster-selection.ts'
import { type ClusterZoneOptions, resolveOptions, type ZoneFrame } from './cluster-zone-options.ts'
import type { RecordSink } from './record-sink.ts'
import { soaRecords } from './soa-records.ts'
import { type ZoneProblem, ZoneProblems } from './zone-problems.ts'
import { ZoneRecords } from './zone-records.ts'

/** What one `apply` did. */
export interface ZoneUpdate {
  /** Names put or deleted. */
  readonly changedNames: number
  readonly problems: readonly ZoneProblem[]
}

/**
 * Keeps an AnswerSink equal to the cluster: every name of the zones and their reverse zones, Kubernetes
 * DNS specification 1.1.0. From its construction on the names that need no object are there.
 */
export class ClusterZone {
  readonly #frames: readonly ZoneFrame[]
  readonly #selection: ClusterSelection
  readonly #sink: AnswerSink
  readonly #problems = new ZoneProblems()
  readonly #compiler = new AnswerCompiler(this.#problems)
  /** Of each forward zone. */
  readonly #records: readonly ZoneRecords[]
  #changedNames = 0
  #serial = 0

  constructor(options: ClusterZoneOptions, sink: AnswerSink) {
    this.#frames = resolveOptions(options)
    this.#selection = new ClusterSelection(options)
    this.#sink = sink
    this.#setZones()
    const records: RecordSink = {
      put: (name, answers) => {
        this.#changedNames++
        sink.put(name, this.#compiler.compileAnswers(name, answers))
      },
      delete: name => {
        this.#changedNames++
        sink.delete(name)
      },
    }
    this.#records = this.#frames.map(frame => new ZoneRecords(frame, records, this.#problems))
  }

  /** The serial of all zones: the second of the last change, 0 before the first. It never goes back. */
  get serial(): number {
    return this.#serial
  }

  apply(delta: StoreDelta, nowSeconds: number): ZoneUpdate {
    this.#changedNames = 0
    const selected = this.#selection.select(delta)
    for (const records of this.#records) records.apply(selected)
    if (this.#changedNames > 0 && nowSeconds > this.#serial) {
      this.#serial = nowSeconds
      this.#setZones()
    }
    return { changedNames: this.#changedNames, problems: this.#problems.take() }
  }

  #setZones(): void {
    this.#sink.setZones(
      this.#frames.flatMap(frame =>
        soaRecords(frame, this.#serial).map(record => this.#compiler.compileZone(record)),
      ),
    )
  }
}
