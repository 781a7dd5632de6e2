import { readdirSync, renameSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bigCluster, type Bench } from './bench.ts'
import { type AnswerTimes, now, type Span, summarize } from './answer-times.ts'
import { ask } from './dns-question.ts'
import { startEcho } from './echo.ts'
import {
  generateManifests,
  httpPort,
  isHeadlessService,
  manifestFiles,
} from './generate-manifests.ts'
import type { ProbeQuestion } from './probe.ts'
import { memoryOf, type Memory } from './process-figures.ts'
import { fullName, httpName, type KnownNames } from './query-files.ts'
import { type SignpostServer, startSignpost } from './signpost-server.ts'
import { startProbe } from './steady-probe.ts'

/** Between two replacements, and before the probe's first sample that counts as quiet. */
const restSeconds = 2
const replacementPatienceMs = 60_000
const pollMs = 20
/** Before memory is read, so that collectors have had their turn. */
export const settleMs = 3000
/** One in so many questions is for an SRV record, whose port changes. */
const srvEvery = 5

export interface ReplacementInput {
  readonly form: 'workloads' | 'slices'
  readonly manifests: string
  readonly known: KnownNames
}

export interface ReplacementResult {
  readonly quiet: AnswerTimes
  readonly replacing: AnswerTimes
  /** Of a bare echo in another process at the same times: what the machine's scheduler does to everybody. */
  readonly echoQuiet: AnswerTimes
  readonly echoReplacing: AnswerTimes
  /** Why the rest is not what it should be; the server may have died. */
  readonly failure: string | undefined
  /** From the renames until the last service answers anew. */
  readonly replacedMs: readonly number[]
  readonly loaded: Memory
  readonly replaced: Memory | undefined
  readonly readMs: number
  readonly compileMs: number
  readonly names: number
}

/** Loads the big cluster into two serving threads and replaces all of it while a probe asks. */
export async function measureReplacement(
  bench: Bench,
  { form, manifests, known }: ReplacementInput,
): Promise<ReplacementResult> {
  const { pace } = bench
  bench.progress(`loading 10,000 services as ${form}`)
  const server = await startSignpost(bench, { manifests, workers: 2 })
  await sleep(settleMs)
  const loaded = memoryOf(server.pid)
  const questions = join(bench.folder, `${form}-questions.json`)
  await writeFile(questions, JSON.stringify(probeQuestions(known, pace.replacements)))
  const echo = await startEcho(bench)
  const probe = startProbe(bench, { port: server.port, questions, result: `${form}-samples.json` })
  const echoProbe = startProbe(bench, {
    port: echo.port,
    questions,
    result: `${form}-echo-samples.json`,
  })
  const quietSpans: Span[] = []
  const replacingSpans: Span[] = []
  let failure: string | undefined
  const rest = async (seconds: number): Promise<void> => {
    await sleep(restSeconds * 1000)
    const fromMs = now()
    await sleep(seconds * 1000)
    if (seconds > 0) quietSpans.push({ fromMs, toMs: now() })
  }
  await rest(pace.quietSeconds)
  for (let version = 1; version <= pace.replacements; version++) {
    bench.progress(`replacing all services (${form}), ${version} of ${pace.replacements}`)
    const next = join(bench.folder, `${form}-${version}`)
    await generateManifests(next, { ...bigCluster, form, version })
    await rest(0)
    const fromMs = now()
    for (const file of readdirSync(next)) renameSync(join(next, file), join(manifests, file))
    failure = await untilReplaced(server, version)
    replacingSpans.push({ fromMs, toMs: now() })
    if (failure !== undefined) break
  }
  await sleep(settleMs)
  const replaced = failure === undefined ? memoryOf(server.pid) : undefined
  const [samples, echoSamples] = [await probe.end(), await echoProbe.end()]
  await echo.end()
  await server.end()
  return {
    quiet: summarize(samples, quietSpans),
    replacing: summarize(samples, replacingSpans),
    echoQuiet: { ...summarize(echoSamples, quietSpans), wrong: undefined },
    echoReplacing: { ...summarize(echoSamples, replacingSpans), wrong: undefined },
    failure,
    replacedMs: replacingSpans.map(({ fromMs, toMs }) => toMs - fromMs),
    loaded,
    replaced,
    readMs: server.readMs,
    compileMs: server.compileMs,
    names: server.names,
  }
}

/** Addresses stay through every replacement; a port is the old or a new one. */
export function probeQuestions(
  { clusterIps }: Pick<KnownNames, 'clusterIps'>,
  versions: number,
): ProbeQuestion[] {
  return serviceIndexes()
    .filter(index => !isHeadlessService(index))
    .map(index => {
      if (index % srvEvery !== 1) {
        const right = [`A ${clusterIps.get(fullName(index))}`]
        return { name: fullName(index), type: 'A', right }
      }
      const right = Array.from(
        { length: versions + 1 },
        (_, version) => `SRV 0 100 ${httpPort(index, version)} ${fullName(index)}`,
      )
      return { name: httpName(index), type: 'SRV', right }
    })
}

/** Asks for the last service of each file, file after file. Returns what went wrong. */
export async function untilReplaced(
  server: Pick<SignpostServer, 'port' | 'isAlive'>,
  version: number,
): Promise<string | undefined> {
  const startedAt = performance.now()
  for (const index of serviceIndexes().slice(-manifestFiles)) {
    const question = { name: httpName(index), type: 'SRV' } as const
    const expected = ` ${httpPort(index, version)} `
    while (!(await ask(server, question))?.answers.some(answer => answer.includes(expected))) {
      if (!server.isAlive()) return 'the server died'
      if (performance.now() - startedAt > replacementPatienceMs) {
        return `after ${replacementPatienceMs / 1000} s ${question.name} still had its old answer`
      }
      await sleep(pollMs)
    }
  }
  return undefined
}

export function serviceIndexes(): number[] {
  return Array.from({ length: bigCluster.services }, (_, index) => index)
}
