import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPlane } from '../test/support/control-plane.ts'
import { type AnswerTimes, now, renderAnswerTimes, type Span, summarize } from './answer-times.ts'
import { changeBigCluster } from './api-objects.ts'
import type { Bench } from './bench.ts'
import type { ClusterServer, StartServer } from './cluster-server.ts'
import { startEcho } from './echo.ts'
import { Gate } from './gate.ts'
import { type Memory, memoryOf } from './process-figures.ts'
import type { KnownNames } from './query-files.ts'
import { probeQuestions, settleMs, untilReplaced } from './replacement.ts'
import { type PartResult, renderTable } from './report.ts'
import { startProbe } from './steady-probe.ts'

const p99Target = 2
const gatePollMs = 20
/** Both servers try again at least so often. */
const gatePatienceMs = 40_000
/** Signpost has a connection for each of three resources, CoreDNS one for all. */
const ownConnections = 3

export interface RelistInput {
  readonly starters: readonly StartServer[]
  readonly plane: ControlPlane
  readonly known: Pick<KnownNames, 'clusterIps'>
}

interface Followed {
  readonly server: ClusterServer
  readonly gate: Gate
  readonly probe: ReturnType<typeof startProbe>
  readonly connections: number
  readonly relists: Span[]
  failure: string | undefined
}

/** Cuts the servers off, changes everything, and lets each of them list everything anew while it is asked. Leaves the cluster in `version`. */
export async function measureRelist(
  bench: Bench,
  { starters, plane, known }: RelistInput,
): Promise<{ readonly part: PartResult; readonly version: number }> {
  const { pace } = bench
  const questions = join(bench.folder, 'cluster-questions.json')
  await writeFile(questions, JSON.stringify(probeQuestions(known, pace.relists)))
  const all: Followed[] = []
  for (const [position, start] of starters.entries()) {
    const gate = await Gate.start(plane.server)
    const server = await start({
      kubeconfig: await plane.kubeconfig('coredns', gate.server),
      version: 0,
    })
    const probe = startProbe(bench, {
      port: server.port,
      questions,
      result: `relist-${position}.json`,
    })
    const connections = position === 0 ? ownConnections : 1
    all.push({ server, gate, probe, connections, relists: [], failure: undefined })
  }
  const echo = await startEcho(bench)
  const echoProbe = startProbe(bench, { port: echo.port, questions, result: 'relist-echo.json' })
  await sleep(settleMs)
  const quiet = { fromMs: now(), toMs: now() + pace.quietSeconds * 1000 }
  await sleep(pace.quietSeconds * 1000)
  for (let relist = 1; relist <= pace.relists; relist++) {
    bench.progress(`changing everything behind shut gates, ${relist} of ${pace.relists}`)
    for (const { gate } of all) gate.shut()
    await changeBigCluster(plane.client, relist)
    await plane.restartApiServer({ emptyWatchCache: true })
    await sleep(settleMs)
    for (const followed of all) await letRelist(bench, followed, relist)
  }
  const echoSamples = await echoProbe.end()
  const results: RelistResult[] = []
  for (const { server, gate, probe, relists, failure } of all) {
    const samples = await probe.end()
    const memory = failure === undefined ? memoryOf(server.pid) : undefined
    await server.end()
    await gate[Symbol.asyncDispose]()
    const always = [{ fromMs: 0, toMs: Infinity }]
    results.push({
      name: server.name,
      quiet: summarize(samples, [quiet]),
      relisting: summarize(samples, relists),
      whole: summarize(samples, always),
      echoQuiet: { ...summarize(echoSamples, [quiet]), wrong: undefined },
      echoRelisting: { ...summarize(echoSamples, relists), wrong: undefined },
      relistedMs: relists.map(({ fromMs, toMs }) => toMs - fromMs),
      memory,
      failure,
    })
  }
  await echo.end()
  return { part: relistPart(results), version: pace.relists }
}

/** Everything is listed at once, because all connections wait before the gate. */
async function letRelist(bench: Bench, followed: Followed, version: number): Promise<void> {
  const { server, gate, connections, relists } = followed
  const startedAt = performance.now()
  while (gate.waiting < connections && performance.now() - startedAt < gatePatienceMs)
    await sleep(gatePollMs)
  const fromMs = now()
  gate.open()
  followed.failure ??= await untilReplaced(server, version)
  relists.push({ fromMs, toMs: now() })
  bench.progress(`relisted: ${server.name} in ${(now() - fromMs).toFixed(0)} ms`)
  await sleep(settleMs)
}

interface RelistResult {
  readonly name: string
  readonly quiet: AnswerTimes
  readonly relisting: AnswerTimes
  /** From the first to the last query. */
  readonly whole: AnswerTimes
  readonly echoQuiet: AnswerTimes
  readonly echoRelisting: AnswerTimes
  readonly relistedMs: readonly number[]
  readonly memory: Memory | undefined
  readonly failure: string | undefined
}

function relistPart(results: readonly RelistResult[]): PartResult {
  const [ours, ...others] = results
  const ratioOf = ({ quiet, relisting }: RelistResult): number => relisting.p99Ms / quiet.p99Ms
  const { quiet, relisting, whole, failure } = ours!
  const bad = whole.lost + (whole.wrong ?? 0)
  const beside = others.map(other => `; ${other.name} ${ratioOf(other).toFixed(2)} ×`).join('')
  return {
    title: 'Answer times while everything is relisted',
    figures: [
      {
        what: 'p99 answer time while 10,000 changed services are relisted',
        target: `≤ ${p99Target} × quiet`,
        measured:
          failure === undefined
            ? `${ratioOf(ours!).toFixed(2)} × (${relisting.p99Ms.toFixed(2)} and ${quiet.p99Ms.toFixed(2)} ms)${beside}`
            : `failed: ${failure}`,
        isMet: failure === undefined && ratioOf(ours!) <= p99Target,
      },
      {
        what: 'the same: lost or wrong, from the cut to the last answer',
        target: '0',
        measured: `${bad} of ${whole.count}`,
        isMet: failure === undefined && bad === 0,
      },
    ],
    details: [
      '1,000 queries a second over UDP from a process of its own. The servers were cut off from the API server; then every Service got',
      'another port and every slice other addresses and ports, history was taken from etcd, and the API server was started anew, so that',
      'nobody can resume. When everything was quiet the way was opened to one server after the other. The time counts from then until',
      'the last Service of each namespace has its new answer. A bare echo is asked at the same times.',
      '',
      renderAnswerTimes(
        results.flatMap(result => [
          { when: `${result.name}: quiet`, times: result.quiet },
          { when: `${result.name}: relisting`, times: result.relisting },
          { when: `${result.name}: all the time`, times: result.whole },
          { when: 'bare echo, quiet', times: result.echoQuiet },
          { when: 'bare echo, meanwhile', times: result.echoRelisting },
        ]),
      ),
      '',
      renderTable(
        ['server', 'relisted in s', 'VmRSS MB after', 'VmHWM MB'],
        results.map(({ name, relistedMs, memory }) => [
          name,
          relistedMs.map(ms => (ms / 1000).toFixed(1)).join(', '),
          memory?.residentMb.toFixed(0) ?? 'failed',
          memory?.peakMb.toFixed(0) ?? 'failed',
        ]),
      ),
    ],
  }
}
