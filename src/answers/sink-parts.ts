import type { AnswerSink, CompiledZone } from './compiled-answer.ts'

/** One sink for several owners of zones: each sets its own, and the sink has those of all. */
export class SinkParts {
  readonly #sink: AnswerSink
  readonly #zones: (readonly CompiledZone[])[] = []

  constructor(sink: AnswerSink) {
    this.#sink = sink
  }

  /** The sink of one more owner. Owners have no names in common. */
  part(): AnswerSink {
    const position = this.#zones.push([]) - 1
    const sink = this.#sink
    return {
      put: (name, answers) => sink.put(name, answers),
      delete: name => sink.delete(name),
      setZones: zones => {
        this.#zones[position] = zones
        sink.setZones(this.#zones.flat())
      },
    }
  }
}
