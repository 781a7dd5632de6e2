import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import type { ClusterServerSetting, StartServer } from './cluster-server.ts'
import type { ProbeQuestion } from './probe.ts'
import { type Memory, memoryOf } from './process-figures.ts'
import { settleMs } from './replacement.ts'
import { type PartResult, renderTable } from './report.ts'
import { median } from './statistics.ts'
import { startProbe } from './steady-probe.ts'

const readyTargetMs = 1000
const bigMemoryTargetMb = 200
const smallMemoryTargetMb = 100
/** 170 Mi, of which `memoryOf` counts as many. */
const stockLimitMb = 170
const smallSeconds = 5

interface Start {
  readonly name: string
  readonly readyMs: number
  readonly readMs: number | undefined
  readonly compileMs: number | undefined
  /** Its peak is that of reading everything. */
  readonly ready: Memory
  readonly settled: Memory
}

export interface ReadyInput {
  readonly starters: readonly StartServer[]
  readonly setting: ClusterServerSetting
  readonly small: Memory
}

/** Starts each server in turn, several times, on the big cluster. */
export async function measureReady(
  bench: Bench,
  { starters, setting, small }: ReadyInput,
): Promise<PartResult> {
  const starts: Start[] = []
  for (let round = 1; round <= bench.pace.starts; round++) {
    for (const start of starters) {
      const server = await start(setting)
      const { name, readyMs, ready } = server
      const times = await server.times()
      await sleep(settleMs)
      const settled = memoryOf(server.pid)
      await server.end()
      const [readMs, compileMs] = [times?.readMs, times?.compileMs]
      starts.push({ name, readyMs, readMs, compileMs, ready, settled })
      bench.progress(`start ${round} of ${bench.pace.starts}: ${name} in ${readyMs.toFixed(0)} ms`)
    }
  }
  return readyPart(starts, small)
}

/** One serving thread and a cluster that is all but empty, after some thousand queries. */
export async function measureSmall(
  bench: Bench,
  { start, setting }: { readonly start: StartServer; readonly setting: ClusterServerSetting },
): Promise<Memory> {
  bench.progress('memory in a small cluster')
  const server = await start({ ...setting, workers: 1 })
  const right = ['A 10.96.0.1']
  const question: ProbeQuestion = { name: 'kubernetes.default.svc.cluster.local', type: 'A', right }
  const questions = join(bench.folder, 'small-questions.json')
  await writeFile(questions, JSON.stringify([question]))
  const probe = startProbe(bench, { port: server.port, questions, result: 'small-samples.json' })
  await sleep(smallSeconds * 1000)
  await probe.end()
  const memory = memoryOf(server.pid)
  await server.end()
  return memory
}

function readyPart(starts: readonly Start[], small: Memory): PartResult {
  const of = (name: string, read: (start: Start) => number | undefined): number =>
    median(starts.filter(start => start.name === name).flatMap(start => read(start) ?? []))
  const others = [...new Set(starts.map(({ name }) => name))].filter(name => name !== 'signpost')
  const beside = (read: (start: Start) => number, unit: string): string =>
    others.map(name => `; ${name} ${of(name, read).toFixed(0)} ${unit}`).join('')
  const readyMs = of('signpost', start => start.readyMs)
  const watchMs = of('signpost', start => (start.readMs ?? 0) + (start.compileMs ?? 0))
  const settledMb = of('signpost', start => start.settled.residentMb)
  const peakMb = of('signpost', start => start.ready.peakMb)
  return {
    title: 'Ready, and memory',
    figures: [
      {
        what: 'ready from a watch: reading from the API server, store, zone and table, as logged',
        target: `≤ ${readyTargetMs} ms`,
        measured: `${watchMs.toFixed(0)} ms`,
        isMet: watchMs <= readyTargetMs,
      },
      {
        what: 'the same from the start of the process until everything is answered',
        target: `≤ ${readyTargetMs} ms`,
        measured: `${readyMs.toFixed(0)} ms${beside(start => start.readyMs, 'ms')}`,
        isMet: readyMs <= readyTargetMs,
      },
      {
        what: 'resident memory: 10,000 services, 100,000 endpoints, two serving threads',
        target: `≤ ${bigMemoryTargetMb} MB`,
        measured: `${settledMb.toFixed(0)} MB${beside(start => start.settled.residentMb, 'MB')}`,
        isMet: settledMb <= bigMemoryTargetMb,
      },
      {
        what: 'the same at its peak, while everything is read, against the stock manifest’s limit',
        target: `≤ ${stockLimitMb} MB`,
        measured: `${peakMb.toFixed(0)} MB${beside(start => start.ready.peakMb, 'MB')}`,
        isMet: peakMb <= stockLimitMb,
      },
      {
        what: 'resident memory: small cluster, one serving thread, after 5,000 queries',
        target: `≤ ${smallMemoryTargetMb} MB`,
        measured: `${small.residentMb.toFixed(0)} MB (peak ${small.peakMb.toFixed(0)} MB)`,
        isMet: small.residentMb <= smallMemoryTargetMb,
      },
    ],
    details: [
      'Each server was started in turn with kind’s Corefile, Signpost with two serving threads, the API server’s watch cache warm. `ready`',
      'counts from the start of the process until Services all over the cluster are answered; `readMs` and `compileMs` are what Signpost',
      `logs. Memory is VmRSS ${settleMs / 1000} s later, and VmHWM at ready. In the table above are the medians.`,
      '',
      renderTable(
        ['server', 'ready ms', 'readMs', 'compileMs', 'VmHWM MB', 'VmRSS MB, settled'],
        starts.map(({ name, readyMs: ms, readMs, compileMs, ready, settled }) => [
          name,
          ms.toFixed(0),
          String(readMs ?? '–'),
          String(compileMs ?? '–'),
          ready.peakMb.toFixed(0),
          settled.residentMb.toFixed(0),
        ]),
      ),
    ],
  }
}
