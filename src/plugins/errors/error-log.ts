import { renderDuration } from '../../lib/duration.ts'
import type { Counter } from '../../lib/metric-cells.ts'
import type { PluginLog } from '../serving-context.ts'
import type { Consolidation, ErrorLevel } from './errors-settings.ts'

/** Of one kind of error, lines a second: whoever can cause errors could fill the disk otherwise. */
const linesPerWindow = 10
const windowMs = 1000
/** Kinds are made of rcodes and plugins; this many there never are. */
const maxKinds = 1000

/** An error of a query. */
export interface QueryError {
  readonly text: string
  /** `2 example.org. A: i/o timeout`. */
  readonly line: string
  /** Errors of one kind share the lines that there may be. */
  readonly kind: string
}

export interface ErrorLogOptions {
  readonly log: PluginLog
  readonly consolidations: readonly Consolidation[]
  /** Errors of which nothing is in the log. */
  readonly unlogged: Counter
  /** Serving threads, which share the lines. */
  readonly threads: number
}

/** Writes errors to the log, many alike as one line. */
export class ErrorLog {
  readonly #options: ErrorLogOptions
  /** Errors of each consolidation in its period, which has begun where there is a timer. */
  readonly #periods: { count: number; timer: NodeJS.Timeout | undefined }[]
  /** Kind ─▶ errors in this window. */
  readonly #counts = new Map<string, number>()
  #window: NodeJS.Timeout | undefined

  constructor(options: ErrorLogOptions) {
    this.#options = options
    this.#periods = options.consolidations.map(() => ({ count: 0, timer: undefined }))
  }

  add(error: QueryError): void {
    const { consolidations } = this.#options
    const index = consolidations.findIndex(({ expression }) => expression.test(error.text))
    if (index < 0) return this.#addSingle(error)
    const { level, showFirst, periodMs } = consolidations[index]!
    const period = this.#periods[index]!
    period.count++
    if (period.timer) return
    period.timer = setTimeout(() => this.#endPeriod(index), periodMs).unref()
    if (showFirst) this.#write(level, error.line)
  }

  /** Tells what has been counted so far. */
  close(): void {
    for (const index of this.#periods.keys()) this.#endPeriod(index)
    this.#endWindow()
  }

  #addSingle({ line, kind }: QueryError): void {
    const count = (this.#counts.get(kind) ?? 0) + 1
    if (count > 1 || this.#counts.size < maxKinds) this.#counts.set(kind, count)
    this.#window ??= setTimeout(() => this.#endWindow(), windowMs).unref()
    if (count <= this.#limit) this.#write('error', line)
    else this.#options.unlogged.add()
  }

  get #limit(): number {
    return Math.ceil(linesPerWindow / this.#options.threads)
  }

  #endWindow(): void {
    clearTimeout(this.#window)
    this.#window = undefined
    for (const [kind, count] of this.#counts) {
      const more = count - this.#limit
      if (more > 0) this.#write('error', `${more} more errors (${kind}) in the last second`)
    }
    this.#counts.clear()
  }

  #endPeriod(index: number): void {
    const period = this.#periods[index]!
    const { count } = period
    clearTimeout(period.timer)
    this.#periods[index] = { count: 0, timer: undefined }
    const { pattern, periodMs, level, showFirst } = this.#options.consolidations[index]!
    if (count === 0 || (count === 1 && showFirst)) return
    const time = renderDuration(periodMs)
    this.#write(level, `${count} errors like '${pattern}' occurred in last ${time}`)
  }

  #write(level: ErrorLevel, line: string): void {
    if (level !== 'none') this.#options.log[level]('errors', line)
  }
}
