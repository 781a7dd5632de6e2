import { join } from 'node:path'
import { renderAnswerTimes } from './answer-times.ts'
import { bigCluster, type Bench } from './bench.ts'
import { runDnsperf } from './dnsperf.ts'
import { generateManifests } from './generate-manifests.ts'
import type { InProcessTimes } from './in-process.ts'
import { memoryOf, type Memory } from './process-figures.ts'
import { type KnownNames, writeQueries } from './query-files.ts'
import { measureReplacement, type ReplacementResult, settleMs } from './replacement.ts'
import { type PartResult, renderTable } from './report.ts'
import { podCidr, startSignpost } from './signpost-server.ts'
import { quantile } from './statistics.ts'

const forms = ['slices', 'workloads'] as const
const exampleQueries = 5000
const inProcessChanges = 1000
const readyTargetMs = 1000
const bigMemoryTargetMb = 200
const smallMemoryTargetMb = 100
const p99Target = 2
const changeTargetMs = { p50: 1, p95: 5 }

type ByForm<Value> = Readonly<Record<(typeof forms)[number], Value>>

/** Everything that loading and replacing the big cluster shows, in both forms of manifests. */
export async function measureBigCluster(
  bench: Bench,
  known: KnownNames,
): Promise<readonly PartResult[]> {
  const times: Partial<Record<(typeof forms)[number], InProcessTimes>> = {}
  const replacements: Partial<Record<(typeof forms)[number], ReplacementResult>> = {}
  for (const form of forms) {
    // Of its own: the replacement changes it.
    const manifests = join(bench.folder, `${form}-replaced`)
    await generateManifests(manifests, { ...bigCluster, form })
    bench.progress(`timing the steps of loading (${form})`)
    times[form] = JSON.parse(
      await bench.children.run(process.execPath, [
        'bench/in-process.ts',
        manifests,
        podCidr,
        String(inProcessChanges),
      ]),
    ) as InProcessTimes
    replacements[form] = await measureReplacement(bench, { form, manifests, known })
  }
  const small = await measureSmallCluster(bench)
  return [
    replacementPart(replacements as ByForm<ReplacementResult>),
    memoryPart(replacements as ByForm<ReplacementResult>, small),
    readyPart(replacements as ByForm<ReplacementResult>, times as ByForm<InProcessTimes>),
    changePart(times as ByForm<InProcessTimes>),
  ]
}

async function measureSmallCluster(bench: Bench): Promise<Memory> {
  bench.progress('memory of a small cluster')
  const server = await startSignpost(bench, { manifests: 'examples', workers: 1 })
  const questions = Array.from({ length: exampleQueries }, (_, index) => ({
    name: index % 2 === 0 ? 'kubernetes.default.svc.cluster.local' : `no-${index}.cluster.local`,
    type: 'A' as const,
  }))
  const queries = await writeQueries(join(bench.folder, 'examples.txt'), questions)
  await runDnsperf(bench, { ...server, queries, options: ['-n', '1'] })
  const memory = memoryOf(server.pid)
  await server.end()
  return memory
}

function replacementPart(results: ByForm<ReplacementResult>): PartResult {
  return {
    title: 'Answer times while everything is replaced',
    figures: forms.map(form => {
      const { quiet, replacing, failure } = results[form]
      const ratio = replacing.p99Ms / quiet.p99Ms
      const counts = `lost ${quiet.lost + replacing.lost}, wrong ${quiet.wrong! + replacing.wrong!}`
      return {
        what: `p99 answer time while 10,000 services are replaced (${form})`,
        target: `≤ ${p99Target} × quiet`,
        measured: failure
          ? `failed: ${failure}`
          : `${ratio.toFixed(2)} × (${replacing.p99Ms.toFixed(2)} and ${quiet.p99Ms.toFixed(2)} ms; ${counts})`,
        isMet: failure === undefined && ratio <= p99Target,
      }
    }),
    details: [
      '1,000 queries a second over UDP from a process of its own, two serving threads: A of ClusterIP services, whose address never',
      'changes, and every fifth an SRV record, whose port is the old or the new one. Replaced: all files at once, another port of every',
      'service and other contents of every slice (`slices`: other addresses and ports; `workloads`: other container ports). The time',
      'counts from the first rename until a service of the last file has its new answer. A bare echo in another process is asked at the',
      'same times: what it waits for is the machine, not the server.',
      '',
      renderAnswerTimes(
        forms.flatMap(form => [
          { when: `${form}: quiet`, times: results[form].quiet },
          { when: `${form}: replacing`, times: results[form].replacing },
          { when: `${form}: bare echo, quiet`, times: results[form].echoQuiet },
          { when: `${form}: bare echo, meanwhile`, times: results[form].echoReplacing },
        ]),
      ),
      '',
      ...forms.map(
        form =>
          `* ${form}: replaced in ${results[form].replacedMs.map(ms => `${(ms / 1000).toFixed(1)} s`).join(', ')}`,
      ),
    ],
  }
}

function memoryPart(results: ByForm<ReplacementResult>, small: Memory): PartResult {
  const rows = [
    {
      what: '`examples/`, one serving thread, after 5,000 queries',
      memory: small,
      targetMb: smallMemoryTargetMb,
    },
    ...forms.flatMap(form => [
      {
        what: `10,000 services, 100,000 endpoints, two serving threads, loaded (${form})`,
        memory: results[form].loaded,
        targetMb: bigMemoryTargetMb,
      },
      {
        what: `the same after all was replaced (${form})`,
        memory: results[form].replaced,
        targetMb: bigMemoryTargetMb,
      },
    ]),
  ]
  return {
    title: 'Memory',
    figures: rows.map(({ what, memory, targetMb }) => ({
      what: `resident memory: ${what}`,
      target: `≤ ${targetMb} MB`,
      measured: memory ? `${memory.residentMb.toFixed(0)} MB` : 'failed: see the answer times',
      isMet: memory !== undefined && memory.residentMb <= targetMb,
    })),
    details: [
      `Of the whole process, from /proc/PID/status, ${settleMs / 1000} s after loading and after replacing. The peak is that of loading and replacing.`,
      '',
      renderTable(
        ['cluster', 'VmRSS MB', 'VmHWM MB'],
        rows.map(({ what, memory }) => [
          what,
          memory?.residentMb.toFixed(0) ?? 'failed',
          memory?.peakMb.toFixed(0) ?? 'failed',
        ]),
      ),
    ],
  }
}

function readyPart(results: ByForm<ReplacementResult>, times: ByForm<InProcessTimes>): PartResult {
  return {
    title: 'Ready',
    figures: forms.flatMap(form => {
      const whole = times[form].allocateMs + times[form].compileMs
      return [
        {
          what: `ready from manifests already parsed: store, zone and table (${form}), as logged`,
          target: `≤ ${readyTargetMs} ms`,
          measured: `${results[form].compileMs} ms`,
          isMet: results[form].compileMs <= readyTargetMs,
        },
        {
          what: `the same with allocation and endpoints (${form}), in process`,
          target: `≤ ${readyTargetMs} ms`,
          measured: `${whole.toFixed(0)} ms`,
          isMet: whole <= readyTargetMs,
        },
      ]
    }),
    details: [
      'As logged by the server that ships: `readMs` is from the start to the end of reading, parsing, allocation and endpoints; `compileMs`',
      'is store, zone and answer table. In process the same code runs from its sources, with allocation and endpoints apart.',
      '',
      renderTable(
        [
          'form',
          'names',
          'readMs',
          'compileMs',
          'in process: read and parse ms',
          'allocation and endpoints ms',
          'store, zone, table ms',
        ],
        forms.map(form => [
          form,
          String(results[form].names),
          String(results[form].readMs),
          String(results[form].compileMs),
          times[form].readMs.toFixed(0),
          times[form].allocateMs.toFixed(0),
          times[form].compileMs.toFixed(0),
        ]),
      ),
    ],
  }
}

function changePart(times: ByForm<InProcessTimes>): PartResult {
  const rows = forms.map(form => ({
    form,
    p50: quantile(times[form].changeMs, 0.5),
    p95: quantile(times[form].changeMs, 0.95),
    max: Math.max(...times[form].changeMs),
  }))
  return {
    title: 'Change to answer, from the event on',
    figures: rows.map(({ form, p50, p95 }) => ({
      what: `change to answer after the event arrives, 10,000 services (${form})`,
      target: `p50 ≤ ${changeTargetMs.p50} ms, p95 ≤ ${changeTargetMs.p95} ms`,
      measured: `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`,
      isMet: p50 <= changeTargetMs.p50 && p95 <= changeTargetMs.p95,
    })),
    details: [
      `In process: store, zone and answer table for one service of the big cluster with its slice, all ports and addresses changed, ${inProcessChanges}`,
      'times for one at random. Readers see the new answer when that is done.',
      '',
      renderTable(
        ['form', 'p50 ms', 'p95 ms', 'max ms'],
        rows.map(({ form, p50, p95, max }) => [
          form,
          p50.toFixed(3),
          p95.toFixed(3),
          max.toFixed(3),
        ]),
      ),
    ],
  }
}
