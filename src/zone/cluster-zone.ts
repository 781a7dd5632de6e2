import type { AnswerSink } from '../answers/compiled-answer.ts'
import type { StoreDelta } from '../store/cluster.ts'
import { AnswerCompiler } from './answer-compiler.ts'
import { type ClusterZoneOptions, resolveOptions, type ZoneFrame } from './cluster-zone-options.ts'
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
 * Keeps an AnswerSink equal to the cluster: every name of the zone and its reverse zones, Kubernetes
 * DNS specification 1.1.0. From its construction on the names that need no object are there.
 */
export class ClusterZone {
  readonly #frame: ZoneFrame
  readonly #sink: AnswerSink
  readonly #problems = new ZoneProblems()
  readonly #compiler = new AnswerCompiler(this.#problems)
  readonly #records: ZoneRecords
  #changedNames = 0
  #serial = 0

  constructor(options: ClusterZoneOptions, sink: AnswerSink) {
    this.#frame = resolveOptions(options)
    this.#sink = sink
    this.#setZones()
    this.#records = new ZoneRecords(
      this.#frame,
      {
        put: (name, answers) => {
          this.#changedNames++
          sink.put(name, this.#compiler.compileAnswers(name, answers))
        },
        delete: name => {
          this.#changedNames++
          sink.delete(name)
        },
      },
      this.#problems,
    )
  }

  /** The serial is the second of the last change, 0 before the first. It never goes back. */
  apply(delta: StoreDelta, nowSeconds: number): ZoneUpdate {
    this.#changedNames = 0
    this.#records.apply(delta)
    if (this.#changedNames > 0 && nowSeconds > this.#serial) {
      this.#serial = nowSeconds
      this.#setZones()
    }
    return { changedNames: this.#changedNames, problems: this.#problems.take() }
  }

  #setZones(): void {
    this.#sink.setZones(
      soaRecords(this.#frame, this.#serial).map(record => this.#compiler.compileZone(record)),
    )
  }
}
