import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPlane } from '../test/support/control-plane.ts'
import { now, renderAnswerTimes, summarize } from './answer-times.ts'
import { changeBigCluster } from './api-objects.ts'
import type { Bench } from './bench.ts'
import type { StartServer } from './cluster-server.ts'
import { ask } from './dns-question.ts'
import { httpPort } from './generate-manifests.ts'
import { memoryOf } from './process-figures.ts'
import { httpName, type KnownNames } from './query-files.ts'
import { probeQuestions, serviceIndexes, settleMs, untilReplaced } from './replacement.ts'
import type { PartResult } from './report.ts'
import { startProbe } from './steady-probe.ts'

const rightTargetSeconds = 10

export interface OutageInput {
  readonly start: StartServer
  readonly plane: ControlPlane
  readonly known: Pick<KnownNames, 'clusterIps'>
  /** What the cluster holds. */
  readonly version: number
}

/** Takes the API server away while another one, which Signpost does not know, changes everything; and gives it back. */
export async function measureOutage(
  bench: Bench,
  { start, plane, known, version }: OutageInput,
): Promise<PartResult> {
  const { pace } = bench
  const questions = join(bench.folder, 'outage-questions.json')
  const next = version + 1
  await writeFile(questions, JSON.stringify(probeQuestions(known, next)))
  const server = await start({ kubeconfig: await plane.kubeconfig('coredns'), version })
  const probe = startProbe(bench, { port: server.port, questions, result: 'outage.json' })
  await sleep(settleMs)
  const quiet = { fromMs: now(), toMs: now() + pace.quietSeconds * 1000 }
  await sleep(pace.quietSeconds * 1000)

  bench.progress(`the API server goes away for ${pace.outageSeconds} s`)
  const awayMs = now()
  await plane.stopApiServer()
  const second = await plane.startSecondApiServer()
  await changeBigCluster(second.client, next)
  await second.stop()
  const changedMs = now()
  await sleep(Math.max(0, awayMs + pace.outageSeconds * 1000 - changedMs))
  const staleCount = await countWrong(server.port, version)
  const returnMs = now()
  await plane.startApiServer()
  const readyMs = now()
  const failure = await untilReplaced(server, next)
  const rightMs = now()
  bench.progress(`everything is right ${(rightMs - readyMs).toFixed(0)} ms after it is back`)
  const wrongAfter = await countWrong(server.port, next)
  await sleep(settleMs)
  const memory = memoryOf(server.pid)
  const samples = await probe.end()
  await server.end()

  const whole = summarize(samples, [{ fromMs: 0, toMs: Infinity }])
  const bad = whole.lost + (whole.wrong ?? 0) + staleCount
  const rightSeconds = Math.max(0, rightMs - readyMs) / 1000
  return {
    title: 'The API server away, and back with everything changed',
    figures: [
      {
        what: `the API server away for ${((returnMs - awayMs) / 1000).toFixed(0)} s under 1,000 queries/s: lost or wrong`,
        target: '0',
        measured: `${bad} of ${whole.count}`,
        isMet: bad === 0,
      },
      {
        what: 'back with everything changed: right after the API server is ready',
        target: `≤ ${rightTargetSeconds} s`,
        measured: failure ?? `${rightSeconds.toFixed(1)} s; then ${wrongAfter} of 10,000 wrong`,
        isMet: failure === undefined && rightSeconds <= rightTargetSeconds && wrongAfter === 0,
      },
    ],
    details: [
      'Signpost’s API server is killed. Meanwhile a second one on the same etcd, which Signpost knows nothing of, gives every Service',
      'another port and every slice other addresses and ports; all that can be answered is what was known. Before the first one is',
      'started again, all Services are asked for once and have to be as they were; when the last Service of each namespace has its new',
      'answer, all of them are asked for once more. The 10 s count from the moment at which the API server calls itself ready.',
      '',
      renderAnswerTimes([
        { when: 'quiet', times: summarize(samples, [quiet]) },
        {
          when: 'away, while all is changed',
          times: summarize(samples, [{ fromMs: awayMs, toMs: changedMs }]),
        },
        { when: 'away', times: summarize(samples, [{ fromMs: changedMs, toMs: returnMs }]) },
        {
          when: 'back, until all is right',
          times: summarize(samples, [{ fromMs: returnMs, toMs: rightMs }]),
        },
        { when: 'all the time', times: whole },
      ]),
      '',
      `* from its start until the API server was ready: ${((readyMs - returnMs) / 1000).toFixed(1)} s`,
      `* memory afterwards: VmRSS ${memory.residentMb.toFixed(0)} MB, VmHWM ${memory.peakMb.toFixed(0)} MB`,
    ],
  }
}

/** Asks for every Service once: how many are not of this version. */
async function countWrong(port: number, version: number): Promise<number> {
  let wrong = 0
  for (const index of serviceIndexes()) {
    const reply = await ask({ port }, { name: httpName(index), type: 'SRV' })
    const expected = ` ${httpPort(index, version)} `
    if (!reply?.answers.some(answer => answer.includes(expected))) wrong++
  }
  return wrong
}
