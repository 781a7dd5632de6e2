import type { Bench } from './bench.ts'
import { cpuSeconds } from './process-figures.ts'

export interface Load {
  /** Loopback when not given. */
  readonly host?: string
  readonly port: number
  readonly queries: string
  /** Clients, threads and outstanding queries, as dnsperf's own options. */
  readonly options: readonly string[]
  /** Server whose CPU time is counted, with the processes below it. */
  readonly pid: number
}

export interface LoadResult {
  readonly completed: number
  readonly lost: number
  readonly queriesPerSecond: number
  readonly cpuMicroseconds: number
  readonly rcodes: string
}

/** One run of dnsperf against a server on loopback, and what the server spent on it. */
export async function runDnsperf({ children }: Bench, load: Load): Promise<LoadResult> {
  const before = cpuSeconds(load.pid)
  const text = await children.run('dnsperf', [
    `-s${load.host ?? '127.0.0.1'}`,
    `-p${load.port}`,
    `-d${load.queries}`,
    ...load.options,
  ])
  const spent = cpuSeconds(load.pid) - before
  const read = (label: string): string =>
    new RegExp(`^\\s*${label}:\\s+(.*)$`, 'm').exec(text)?.[1] ?? ''
  const completed = Number.parseInt(read('Queries completed'), 10)
  if (!(completed > 0)) throw new Error(`Cannot measure port ${load.port}: no query was answered`)
  return {
    completed,
    lost: Number.parseInt(read('Queries lost'), 10),
    queriesPerSecond: Number.parseFloat(read('Queries per second')),
    cpuMicroseconds: (spent * 1e6) / completed,
    rcodes: read('Response codes'),
  }
}
