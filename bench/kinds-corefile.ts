import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import type { BesideServer } from './beside.ts'
import { compareAnswers } from './compare-answers.ts'
import { type Load, type LoadResult, runDnsperf } from './dnsperf.ts'
import { startEcho } from './echo.ts'
import { type Memory, memoryOf } from './process-figures.ts'
import type { QueryFiles } from './query-files.ts'
import { type Figure, type PartResult, renderTable } from './report.ts'
import { startSignpost } from './signpost-server.ts'
import { median } from './statistics.ts'

const cpuTarget = 1.25
/** Made for CoreDNS beside, with the same Corefile and the same objects. */
const besideTarget = 3
const options = ['-c', '20', '-T', '1', '-q', '100']
const workers = 2
/** The one whose CPU time is compared thread by thread. */
const singleThread = 'signpost, one thread'

interface KindsCorefileInput {
  readonly manifests: string
  readonly queries: QueryFiles
  readonly beside: BesideServer | undefined
}

type Subject = Pick<Load, 'host' | 'port' | 'pid'> & { readonly name: string }

/** What was asked of whom, and how it went. */
interface Run {
  readonly round: number
  readonly queries: 'addresses' | 'mixed'
  readonly name: string
  readonly result: LoadResult
}

/** With what a cluster switches on: counting, cache, order of addresses. Beside the echo, and beside another server where one is given. */
export async function measureKindsCorefile(
  bench: Bench,
  { manifests, queries, beside }: KindsCorefileInput,
): Promise<PartResult> {
  const echo = { name: 'echo', ...(await startEcho(bench)) }
  const conf = await writeCorefile(bench)
  const signpost = {
    name: 'signpost',
    ...(await startSignpost(bench, { manifests, workers, conf })),
  }
  const single = {
    name: singleThread,
    ...(await startSignpost(bench, { manifests, workers: 1, conf })),
  }
  const subjects: readonly Subject[] = [signpost, ...(beside ? [beside] : [])]
  const asked = { addresses: [echo, single, ...subjects], mixed: subjects }
  const loaded = subjects.map(({ pid }) => memoryOf(pid))
  const comparison =
    beside &&
    (await compareAnswers({ signpost, other: beside, name: beside.name }, queries.mixedQuestions))
  const ask = (kind: Run['queries'], subject: Subject, seconds: number): Promise<LoadResult> =>
    runDnsperf(bench, {
      ...subject,
      queries: queries[kind],
      options: [...options, '-l', String(seconds)],
    })
  for (const subject of asked.addresses) await ask('addresses', subject, 1)

  const runs: Run[] = []
  for (let round = 1; round <= bench.pace.throughputRounds; round++) {
    for (const kind of ['addresses', 'mixed'] as const) {
      for (const subject of asked[kind]) {
        const result = await ask(kind, subject, bench.pace.roundSeconds)
        runs.push({ round, queries: kind, name: subject.name, result })
        bench.progress(
          `kind’s Corefile, round ${round} of ${bench.pace.throughputRounds}: ${kind}, ${subject.name} ${result.queriesPerSecond.toFixed(0)}/s, ${result.cpuMicroseconds.toFixed(2)} µs`,
        )
      }
    }
  }
  const after = subjects.map(({ pid }) => memoryOf(pid))
  for (const server of [echo, single, signpost]) await server.end()
  return {
    title: 'kind’s Corefile',
    figures: [
      cpuFigure(runs, { name: singleThread, threads: 'one serving thread' }),
      cpuFigure(runs, { name: signpost.name, threads: 'two serving threads' }),
      ...(beside ? [besideFigure(runs, beside.name)] : []),
    ],
    details: [
      'The Corefile of kind and kubeadm, `test/corefiles/kubeadm`, with its ports on loopback: every query is counted. `signpost` has two serving threads,',
      'the echo has one. Queries, CPU time and ratios are those of the parts above.',
      beside
        ? `Beside it, in the same rounds: ${beside.name}, started by hand, as it was. Its process is counted like ours.`
        : 'Nothing was beside it: `--beside HOST:PORT --beside-pid PID --beside-name NAME`.',
      ...(comparison ? [comparison] : []),
      '',
      renderTable(
        ['round', 'queries', 'server', 'queries/s', 'CPU µs per query', 'lost', 'rcodes'],
        runs.map(({ round, queries: kind, name, result }) => [
          String(round),
          kind === 'mixed' ? 'mixed' : 'A',
          name,
          result.queriesPerSecond.toFixed(0),
          result.cpuMicroseconds.toFixed(2),
          String(result.lost),
          result.rcodes,
        ]),
      ),
      '',
      renderTable(
        ['server', 'VmRSS MB, loaded', 'VmRSS MB, after the rounds', 'VmHWM MB'],
        subjects.map(({ name }, index) => renderMemory(name, loaded[index]!, after[index]!)),
      ),
    ],
  }
}

/** Ports 0 of loopback; where DNS is answered, `--listen` says. */
export async function writeCorefile({ folder }: Bench): Promise<string> {
  const text = await readFile('test/corefiles/kubeadm', 'utf8')
  const path = join(folder, 'Corefile')
  await writeFile(
    path,
    text
      .replace('health {', 'health 127.0.0.1:0 {')
      .replace(/^ +ready$/m, '$& 127.0.0.1:0')
      .replace('prometheus :9153', 'prometheus 127.0.0.1:0'),
  )
  return path
}

function cpuFigure(
  runs: readonly Run[],
  { name, threads }: { readonly name: string; readonly threads: string },
): Figure {
  const [echo, ours] = ['echo', name].map(subject =>
    figuresOf(runs, { name: subject, queries: 'addresses' }, 'cpuMicroseconds'),
  )
  const ratio = median(ours!.map((value, index) => value / echo![index]!))
  return {
    what: `CPU per A query with kind’s Corefile, ${threads}, against a bare \`dgram\` echo`,
    target: `≤ ${cpuTarget} ×`,
    measured: `${ratio.toFixed(2)} × (${median(ours!).toFixed(2)} and ${median(echo!).toFixed(2)} µs)`,
    isMet: ratio <= cpuTarget,
  }
}

function besideFigure(runs: readonly Run[], beside: string): Figure {
  const [ours, theirs] = ['signpost', beside].map(name => ({
    speeds: figuresOf(runs, { name, queries: 'mixed' }, 'queriesPerSecond'),
    cpu: median(figuresOf(runs, { name, queries: 'mixed' }, 'cpuMicroseconds')).toFixed(1),
  }))
  const ratio = median(ours!.speeds.map((value, index) => value / theirs!.speeds[index]!))
  return {
    what: `mixed queries/s with kind’s Corefile, two serving threads, against ${beside}`,
    target: `≥ ${besideTarget} ×`,
    measured: `${ratio.toFixed(2)} × (${median(ours!.speeds).toFixed(0)} and ${median(theirs!.speeds).toFixed(0)}/s; CPU ${ours!.cpu} and ${theirs!.cpu} µs per query)`,
    isMet: ratio >= besideTarget,
  }
}

/** One figure of all rounds, in their order. */
function figuresOf(
  runs: readonly Run[],
  { name, queries }: Pick<Run, 'name' | 'queries'>,
  key: 'cpuMicroseconds' | 'queriesPerSecond',
): number[] {
  return runs
    .filter(run => run.name === name && run.queries === queries)
    .map(({ result }) => result[key])
}

function renderMemory(name: string, loaded: Memory, asked: Memory): string[] {
  return [name, loaded.residentMb.toFixed(0), asked.residentMb.toFixed(0), asked.peakMb.toFixed(0)]
}
