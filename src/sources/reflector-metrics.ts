import type { MetricCells } from '../lib/metric-cells.ts'
import type { Reflector } from '../reflector/reflector.ts'

/** Copies what the reflector of one resource has counted to where scrapes read it. */
export class ReflectorMetrics {
  readonly #reflector: Reflector
  readonly #cells: MetricCells
  readonly #resource: string

  constructor(resource: string, reflector: Reflector, cells: MetricCells) {
    this.#resource = resource
    this.#reflector = reflector
    this.#cells = cells
  }

  publish(): void {
    const { hasSynced, counters } = this.#reflector
    const resource = this.#resource
    const count = (name: string, value: number, labels: Record<string, string> = {}): void => {
      this.#cells.counter(`signpost_reflector_${name}`, { resource, ...labels }).set(value)
    }
    const gauge = (name: string, value: number): void => {
      this.#cells.gauge(`signpost_reflector_${name}`, { resource }).set(value)
    }
    gauge('synced', hasSynced ? 1 : 0)
    if (counters.lastByteAt !== undefined) {
      gauge('last_byte_timestamp_seconds', counters.lastByteAt / 1000)
    }
    for (const [reason, relists] of Object.entries(counters.relists)) {
      count('relists_total', relists, { reason })
    }
    count('reconnects_total', counters.reconnects)
    count('bad_frames_total', counters.badFrames)
    count('apply_errors_total', counters.applyErrors)
    count('swept_total', counters.swept)
    count('drift_total', counters.drift)
  }
}
