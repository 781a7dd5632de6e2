import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { now, renderAnswerTimes, type Span, summarize } from './answer-times.ts'
import type { Bench } from './bench.ts'
import { startEcho } from './echo.ts'
import { generateManifests } from './generate-manifests.ts'
import type { FloodCounts } from './name-flood.ts'
import type { ProbeQuestion } from './probe.ts'
import { udpSockets } from './process-figures.ts'
import { readNames } from './query-files.ts'
import type { PartResult } from './report.ts'
import { listNames, startSignpost } from './signpost-server.ts'
import { startProbe } from './steady-probe.ts'

const cluster = { services: 100, endpointsPerService: 10, form: 'slices' } as const
const floodQueriesPerSecond = 2000
const p99TargetMs = 10
/** `max_concurrent` of the Corefile, and some for those that listen and for probes of the upstream. */
const mostUdpSockets = 1000 + 32
/** Longer than a question may be with upstreams: then as many are open as there ever will be. */
const floodRestMs = 4000
const restMs = 1000
const samplePeriodMs = 100

/** What a flood of names that nobody answers upstream costs the names of the cluster. */
export async function measureSilentUpstream(bench: Bench): Promise<PartResult> {
  const { pace, children, folder } = bench
  bench.progress(`${floodQueriesPerSecond} names/s for a silent upstream`)
  const upstream = createSocket('udp4').bind(0, '127.0.0.1')
  await once(upstream, 'listening')
  let forwarded = 0
  upstream.on('message', () => forwarded++)

  const manifests = join(folder, 'silent')
  await generateManifests(manifests, cluster)
  const conf = join(folder, 'Corefile')
  await writeFile(conf, await corefile(upstream.address().port))
  const server = await startSignpost(bench, { manifests, workers: 2, conf })
  const echo = await startEcho(bench)
  const questions = join(folder, 'silent-questions.json')
  await writeFile(questions, JSON.stringify(await probeQuestions(bench, manifests)))
  const probe = startProbe(bench, { port: server.port, questions, result: 'silent-samples.json' })
  const echoProbe = startProbe(bench, {
    port: echo.port,
    questions,
    result: 'silent-echo-samples.json',
  })
  await sleep(restMs)
  const quiet = await spanOf(() => sleep(pace.quietSeconds * 1000))

  const floodResult = join(folder, 'flood.json')
  const flood = children.start(process.execPath, [
    'bench/name-flood.ts',
    String(server.port),
    String(floodQueriesPerSecond),
    floodResult,
  ])
  let mostSockets = 0
  const flooded = await spanOf(async () => {
    const untilMs = now() + floodRestMs + pace.floodSeconds * 1000
    for (; now() < untilMs; await sleep(samplePeriodMs)) {
      mostSockets = Math.max(mostSockets, udpSockets(server.pid))
    }
  })
  await flood.end()
  const { sent, answered } = JSON.parse(await readFile(floodResult, 'utf8')) as FloodCounts
  await sleep(floodRestMs)
  const socketsAfter = udpSockets(server.pid)
  const [samples, echoSamples] = [await probe.end(), await echoProbe.end()]
  await echo.end()
  await server.end()
  upstream.close()

  const of = (span: Span) => ({
    server: summarize(samples, [span]),
    echo: { ...summarize(echoSamples, [span]), wrong: undefined },
  })
  const [before, during] = [of(quiet), of(flooded)]
  const { count, lost, wrong, p99Ms } = during.server
  return {
    title: 'A silent upstream',
    figures: [
      {
        what: `cluster names beside ${floodQueriesPerSecond} names/s for a silent upstream: lost or wrong`,
        target: '0',
        measured: `${lost + (wrong ?? 0)} of ${count}`,
        isMet: lost + (wrong ?? 0) === 0,
      },
      {
        what: 'the same: p99 answer time',
        target: `< ${p99TargetMs} ms`,
        measured: `${p99Ms.toFixed(2)} ms (bare echo beside it ${during.echo.p99Ms.toFixed(2)} ms)`,
        isMet: p99Ms < p99TargetMs,
      },
      {
        what: 'the same: open UDP sockets at most',
        target: `≤ ${mostUdpSockets}`,
        measured: `${mostSockets} (${socketsAfter} when all was over)`,
        isMet: mostSockets <= mostUdpSockets,
      },
    ],
    details: [
      `kubeadm’s Corefile with \`forward\` to a socket that never answers, two serving threads. ${sent} questions from many`,
      `clients, each for another name, of which ${answered} were answered (SERVFAIL) and ${forwarded} messages went upstream.`,
      'Beside them A questions for names of the cluster, 1,000 a second; at the same time a bare echo was asked as often.',
      '',
      renderAnswerTimes([
        { when: 'quiet', times: before.server },
        { when: 'flood', times: during.server },
        { when: 'quiet, echo', times: before.echo },
        { when: 'flood, echo', times: during.echo },
      ]),
    ],
  }
}

async function spanOf(work: () => Promise<void>): Promise<Span> {
  const fromMs = now()
  await work()
  return { fromMs, toMs: now() }
}

/** kubeadm's, with ports that are free. */
async function corefile(upstreamPort: number): Promise<string> {
  const text = await readFile('test/corefiles/kubeadm', 'utf8')
  return text
    .replace(/health \{[^}]*\}/, 'health 127.0.0.1:0')
    .replace(/ready\n/, 'ready 127.0.0.1:0\n')
    .replace('prometheus :9153', 'prometheus 127.0.0.1:0')
    .replace('/etc/resolv.conf', `127.0.0.1:${upstreamPort}`)
}

async function probeQuestions(bench: Bench, manifests: string): Promise<ProbeQuestion[]> {
  const names = join(bench.folder, 'silent-names.txt')
  await listNames(bench, { manifests, file: names })
  const { clusterIps } = await readNames(names)
  return Array.from(clusterIps, ([name, ip]) => ({ name, type: 'A', right: [`A ${ip}`] }))
}
