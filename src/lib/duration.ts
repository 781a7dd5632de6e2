const nsPerUnit: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/** Go counts nanoseconds in 64 bits. */
const MAX_NS = 2 ** 63

/**
 * Reads a duration as Go's `time.ParseDuration` does: `5s`, `100ms`, `1h30m`, `-1.5h`, `0`. In
 * milliseconds, exact to the nanosecond. `undefined` when it is not one, so also for `30` without a unit.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text)
  if (!match) return undefined
  let ns = 0
  for (const [, number, unit] of match[2]!.matchAll(/([\d.]+)([a-zµμ]+)/g)) {
    ns += Math.round(Number(number) * nsPerUnit[unit!]!)
  }
  if (ns >= MAX_NS) return undefined
  return match[1] === '-' && ns > 0 ? -ns / 1e6 : ns / 1e6
}

/** A duration in milliseconds as Go's `Duration.String` writes it: `1h30m0s`, `1.5s`, `100ms`, `0s`. */
export function renderDuration(durationMs: number): string {
  const sign = durationMs < 0 ? '-' : ''
  const ns = Math.round(Math.abs(durationMs) * 1e6)
  if (ns === 0) return '0s'
  if (ns < 1e3) return `${sign}${ns}ns`
  if (ns < 1e6) return `${sign}${ns / 1e3}µs`
  if (ns < 1e9) return `${sign}${ns / 1e6}ms`
  const minutes = Math.floor(ns / 60e9)
  const seconds = `${(ns - minutes * 60e9) / 1e9}s`
  if (minutes === 0) return sign + seconds
  const hours = Math.floor(minutes / 60)
  return hours === 0
    ? `${sign}${minutes}m${seconds}`
    : `${sign}${hours}h${minutes - hours * 60}m${seconds}`
}
