import type { ProbeSample } from './probe.ts'
import { renderTable } from './report.ts'
import { quantile } from './statistics.ts'

export interface AnswerTimes {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly maxMs: number
  readonly lost: number
  /** `undefined` of an echo, whose replies are no answers. */
  readonly wrong: number | undefined
}

/** On the system's clock, milliseconds since 1970. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

export function renderAnswerTimes(
  rows: readonly { readonly when: string; readonly times: AnswerTimes }[],
): string {
  return renderTable(
    ['when', 'queries', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'lost', 'wrong'],
    rows.map(({ when, times }) => [
      when,
      String(times.count),
      times.p50Ms.toFixed(2),
      times.p99Ms.toFixed(2),
      times.p999Ms.toFixed(2),
      times.maxMs.toFixed(2),
      String(times.lost),
      String(times.wrong ?? '–'),
    ]),
  )
}

/** Of what was sent in the spans. */
export function summarize(samples: readonly ProbeSample[], spans: readonly Span[]): AnswerTimes {
  const inside = samples.filter(({ sentAtMs }) =>
    spans.some(({ fromMs, toMs }) => sentAtMs >= fromMs && sentAtMs < toMs),
  )
  const times = inside.flatMap(({ tookMs }) => tookMs ?? [])
  return {
    count: inside.length,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    p999Ms: quantile(times, 0.999),
    maxMs: times.reduce((max, time) => Math.max(max, time), -Infinity),
    lost: inside.length - times.length,
    wrong: inside.filter(({ tookMs, isRight }) => tookMs !== null && !isRight).length,
  }
}

/** See {@link Span}. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
