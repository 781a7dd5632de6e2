import type { Bench } from './bench.ts'
import { startEcho } from './echo.ts'
import { type LoadResult, runDnsperf } from './dnsperf.ts'
import { type PartResult, renderTable } from './report.ts'
import { startSignpost } from './signpost-server.ts'
import { median } from './statistics.ts'

const target = 1.25
const options = ['-c', '20', '-T', '1', '-q', '100']

/** What an answer costs beyond receiving and sending: one serving thread against a server that only echoes. */
export async function measureCpuPerQuery(
  bench: Bench,
  { manifests, queries }: { readonly manifests: string; readonly queries: string },
): Promise<PartResult> {
  const echo = await startEcho(bench)
  const signpost = await startSignpost(bench, { manifests, workers: 1 })
  const servers = { echo, signpost }
  const run = (name: keyof typeof servers, seconds: number): Promise<LoadResult> =>
    runDnsperf(bench, { ...servers[name], queries, options: [...options, '-l', String(seconds)] })
  for (const name of ['echo', 'signpost'] as const) await run(name, 1)

  const rounds: { readonly echo: LoadResult; readonly signpost: LoadResult }[] = []
  for (let round = 1; round <= bench.pace.echoRounds; round++) {
    const pair = {
      echo: await run('echo', bench.pace.roundSeconds),
      signpost: await run('signpost', bench.pace.roundSeconds),
    }
    rounds.push(pair)
    bench.progress(
      `CPU per query, round ${round} of ${bench.pace.echoRounds}: echo ${micros(pair.echo)}, signpost ${micros(pair.signpost)}`,
    )
  }
  await echo.end()
  await signpost.end()

  const ratios = rounds.map(pair => pair.signpost.cpuMicroseconds / pair.echo.cpuMicroseconds)
  const ratio = median(ratios)
  return {
    title: 'CPU per query, fast path',
    figures: [
      {
        what: 'CPU per A query, one serving thread, against a bare `dgram` echo',
        target: `≤ ${target} ×`,
        measured: `${ratio.toFixed(2)} × (${median(rounds.map(pair => pair.signpost.cpuMicroseconds)).toFixed(2)} and ${median(rounds.map(pair => pair.echo.cpuMicroseconds)).toFixed(2)} µs)`,
        isMet: ratio <= target,
      },
    ],
    details: [
      'User and system CPU time of the whole process, all threads, divided by the queries that dnsperf saw answered. A queries of',
      'existing ClusterIP services, as fast as dnsperf gets answers. The echo is `bench/echo-server.mjs`: one thread, Node’s defaults.',
      'The ratio is the median of the ratios of neighbouring rounds.',
      '',
      renderTable(
        ['round', 'echo µs', 'signpost µs', 'ratio', 'echo queries/s', 'signpost queries/s'],
        rounds.map((pair, index) => [
          String(index + 1),
          pair.echo.cpuMicroseconds.toFixed(2),
          pair.signpost.cpuMicroseconds.toFixed(2),
          ratios[index]!.toFixed(2),
          pair.echo.queriesPerSecond.toFixed(0),
          pair.signpost.queriesPerSecond.toFixed(0),
        ]),
      ),
    ],
  }
}

function micros({ cpuMicroseconds }: LoadResult): string {
  return `${cpuMicroseconds.toFixed(2)} µs`
}
