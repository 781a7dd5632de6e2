import type { AnswerSink, CompiledAnswer, CompiledZone } from '../answers/compiled-answer.ts'
import type { WireName } from '../dns/wire-name.ts'
import { Breather } from '../sources/breather.ts'

/** Looking at the clock costs as much as a tenth of a short name's compilation. */
const putsPerLook = 16

/**
 * Passes everything on and, from `start` on, rests between names, so that a large change does not keep serving threads
 * waiting. The first load is not slowed down.
 */
export class RestingSink implements AnswerSink {
  readonly #sink: AnswerSink
  #breather: Breather | undefined
  #puts = 0

  constructor(sink: AnswerSink) {
    this.#sink = sink
  }

  start(): void {
    this.#breather = new Breather()
  }

  put(name: WireName, answers: readonly CompiledAnswer[]): void {
    this.#sink.put(name, answers)
    if (++this.#puts % putsPerLook === 0) this.#breather?.rest()
  }

  delete(name: WireName): void {
    this.#sink.delete(name)
  }

  setZones(zones: readonly CompiledZone[]): void {
    this.#sink.setZones(zones)
  }
}
