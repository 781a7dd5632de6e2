import type { Bench } from './bench.ts'
import { compareAnswers } from './compare-answers.ts'
import { type LoadResult, runDnsperf } from './dnsperf.ts'
import { type NsdServer, startNsd } from './nsd-server.ts'
import { mixture, type QueryFiles } from './query-files.ts'
import { type Figure, type PartResult, renderTable } from './report.ts'
import { type SignpostServer, startSignpost } from './signpost-server.ts'
import { median } from './statistics.ts'

const target = 0.75
const lossPart = 0.8
/** Ways to ask; the one that both servers do best with is used. */
const waysToAsk = [
  ['-c', '20', '-T', '1', '-q', '100'],
  ['-c', '20', '-T', '2', '-q', '100'],
  ['-c', '20', '-T', '1', '-q', '500'],
]

interface ThroughputInput {
  readonly manifests: string
  readonly names: string
  readonly queries: QueryFiles
  /** The path of nsd, where there is one. */
  readonly nsd: string | undefined
}

interface Subjects {
  readonly signpost: SignpostServer
  readonly nsd: NsdServer | undefined
}

interface Round {
  readonly nsd: LoadResult | undefined
  readonly signpost: LoadResult
}

/** Mixed queries against two serving threads and against NSD with two servers on a copy of the zones. */
export async function measureThroughput(bench: Bench, input: ThroughputInput): Promise<PartResult> {
  const signpost = await startSignpost(bench, { manifests: input.manifests, workers: 2 })
  const nsd = input.nsd && (await startNsd(bench, { program: input.nsd, names: input.names }))
  const subjects: Subjects = { signpost, nsd: nsd || undefined }
  const comparison =
    subjects.nsd &&
    (await compareAnswers(
      { signpost, other: subjects.nsd, name: 'NSD' },
      input.queries.mixedQuestions,
    ))
  const choice = await chooseWay(bench, subjects, input.queries.mixed)
  const rounds: Round[] = []
  for (let round = 1; round <= bench.pace.throughputRounds; round++) {
    const options = [...choice.way, '-l', String(bench.pace.roundSeconds)]
    const result = await runRound(bench, subjects, { queries: input.queries.mixed, options })
    rounds.push(result)
    bench.progress(
      `mixed queries, round ${round} of ${bench.pace.throughputRounds}: ${[
        result.nsd && `NSD ${result.nsd.queriesPerSecond.toFixed(0)}/s`,
        `signpost ${result.signpost.queriesPerSecond.toFixed(0)}/s`,
      ]
        .filter(Boolean)
        .join(', ')}`,
    )
  }
  await subjects.nsd?.end()

  const peak = Math.max(...rounds.map(round => round.signpost.queriesPerSecond))
  const rate = Math.floor(peak * lossPart)
  bench.progress(`${rate} queries/s for ${bench.pace.lossSeconds} s: counting losses`)
  const steady = await runDnsperf(bench, {
    ...signpost,
    queries: input.queries.mixed,
    options: [...choice.way, '-Q', String(rate), '-l', String(bench.pace.lossSeconds)],
  })
  await signpost.end()
  return {
    title: 'Throughput, mixed queries',
    figures: [
      ...compareFigure(rounds),
      {
        what: `lost at ${lossPart * 100} % of the peak, ${bench.pace.lossSeconds} s`,
        target: '0',
        measured: `${steady.lost} of ${steady.completed + steady.lost} at ${steady.queriesPerSecond.toFixed(0)} queries/s`,
        isMet: steady.lost === 0,
      },
    ],
    details: [
      `Of 100 queries: ${mixture.map(({ share, what }) => `${share} ${what}`).join('; ')}. Two serving threads.`,
      subjects.nsd
        ? 'NSD has two servers, no rate limit, and the records that `signpost names` prints for cluster.local and in-addr.arpa.'
        : 'NSD was not there to compare with: it is in the Debian package `nsd`.',
      ...(comparison ? [comparison] : []),
      '',
      'Ways to ask, tried first; the one with the highest product of both figures was used for everything below:',
      '',
      renderTable(
        ['dnsperf options', 'NSD queries/s', 'signpost queries/s', 'used'],
        choice.tried.map(({ way, result }) => [
          `\`${way.join(' ')}\``,
          result.nsd?.queriesPerSecond.toFixed(0) ?? '–',
          result.signpost.queriesPerSecond.toFixed(0),
          way === choice.way ? 'yes' : '',
        ]),
      ),
      '',
      renderTable(
        ['round', 'server', 'queries/s', 'CPU µs per query', 'lost', 'rcodes'],
        rounds.flatMap((round, index) =>
          (['nsd', 'signpost'] as const).flatMap(name => {
            const result = round[name]
            if (!result) return []
            return [
              [
                String(index + 1),
                name === 'nsd' ? 'NSD' : name,
                result.queriesPerSecond.toFixed(0),
                result.cpuMicroseconds.toFixed(2),
                String(result.lost),
                result.rcodes,
              ],
            ]
          }),
        ),
      ),
      '',
      `Peak: the best round, ${peak.toFixed(0)} queries/s; ${lossPart * 100} % of it is ${rate}.`,
    ],
  }
}

function compareFigure(rounds: readonly Round[]): Figure[] {
  const pairs = rounds.flatMap(({ nsd, signpost }) => (nsd ? [{ nsd, signpost }] : []))
  if (pairs.length === 0) return []
  const ratio = median(
    pairs.map(({ nsd, signpost }) => signpost.queriesPerSecond / nsd.queriesPerSecond),
  )
  const cpu = (name: 'nsd' | 'signpost'): string =>
    median(pairs.map(pair => pair[name].cpuMicroseconds)).toFixed(1)
  const speed = (name: 'nsd' | 'signpost'): string =>
    median(pairs.map(pair => pair[name].queriesPerSecond)).toFixed(0)
  return [
    {
      what: 'mixed queries/s, two serving threads, against NSD with two servers',
      target: `≥ ${target} ×`,
      measured: `${ratio.toFixed(2)} × (${speed('signpost')} and ${speed('nsd')}/s; CPU ${cpu('signpost')} and ${cpu('nsd')} µs per query)`,
      isMet: ratio >= target,
    },
  ]
}

async function chooseWay(
  bench: Bench,
  subjects: Subjects,
  queries: string,
): Promise<{ way: string[]; tried: { way: string[]; result: Round }[] }> {
  const tried: { way: string[]; result: Round; product: number }[] = []
  for (const way of waysToAsk) {
    bench.progress(`mixed queries: trying dnsperf ${way.join(' ')}`)
    const options = [...way, '-l', String(bench.pace.choiceSeconds)]
    const result = await runRound(bench, subjects, { queries, options })
    const product = result.signpost.queriesPerSecond * (result.nsd?.queriesPerSecond ?? 1)
    tried.push({ way, result, product })
  }
  const best = tried.reduce((a, b) => (b.product > a.product ? b : a))
  return { way: best.way, tried }
}

async function runRound(
  bench: Bench,
  { signpost, nsd }: Subjects,
  load: { readonly queries: string; readonly options: readonly string[] },
): Promise<Round> {
  return {
    nsd: nsd && (await runDnsperf(bench, { ...load, pid: nsd.pid, port: nsd.port })),
    signpost: await runDnsperf(bench, { ...load, pid: signpost.pid, port: signpost.port }),
  }
}
