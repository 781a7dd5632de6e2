import { symlinkSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/support/free-port.ts'
import { bigCluster, type Bench } from './bench.ts'
import type { Child } from './children.ts'
import { ask, type Question } from './dns-question.ts'
import { httpPort } from './generate-manifests.ts'
import { writeCorefile } from './kinds-corefile.ts'
import { type Memory, memoryOf } from './process-figures.ts'
import { httpName } from './query-files.ts'
import { readLogLine } from './signpost-server.ts'
import { toolVersion } from './tool-version.ts'

const pollMs = 5
const patienceMs = 60_000
/** One service in so many is asked for: the clock runs meanwhile. */
const checkedEvery = 397

/** A DNS server of the cluster, with kind's Corefile. */
export interface ClusterServer {
  readonly name: string
  readonly pid: number
  readonly port: number
  /** From the start of the process until it answers. */
  readonly readyMs: number
  readonly ready: Memory
  /** What Signpost says of it; waits for the line. */
  times(): Promise<{ readonly readMs: number; readonly compileMs: number } | undefined>
  isAlive(): boolean
  end(): Promise<void>
}

export interface ClusterServerSetting {
  /** Of an account with CoreDNS's rights. */
  readonly kubeconfig: string
  readonly workers?: number
  /** What the cluster holds; nothing is looked for where it is left out. */
  readonly version?: number
}

/** Starts one of those that are compared. */
export type StartServer = (setting: ClusterServerSetting) => Promise<ClusterServer>

export function signpostStarter(bench: Bench): StartServer {
  return async ({ kubeconfig, workers = 2, version }) => {
    const port = await freePort()
    const conf = await writeCorefile(bench)
    const startedAt = performance.now()
    const child = bench.children.start(process.execPath, [
      'bin/signpost.js',
      'serve',
      `--kubeconfig=${kubeconfig}`,
      `--conf=${conf}`,
      `--listen=127.0.0.1:${port}`,
      `--workers=${workers}`,
    ])
    const serving = servingLine(child)
    const name = 'signpost'
    return {
      ...(await ready({ name, child, port, startedAt, version })),
      times: async () => {
        const line = await serving
        return { readMs: Number(line['readMs']), compileMs: Number(line['compileMs']) }
      },
    }
  }
}

/** `binary` is CoreDNS: it is told of the kubeconfig in the Corefile. */
export async function besideStarter(bench: Bench, binary: string): Promise<StartServer> {
  const name = await toolVersion(binary, ['-version'], /CoreDNS-(\S+)/)
  // A path of this machine is not for the list of commands.
  const program = join(bench.folder, 'coredns')
  symlinkSync(binary, program)
  return async ({ kubeconfig, version }) => {
    const port = await freePort()
    const conf = join(bench.folder, 'beside.Corefile')
    const text = await readFile(await writeCorefile(bench), 'utf8')
    const [health, readyPort] = [await freePort(), await freePort()]
    await writeFile(
      conf,
      text
        .replace('.:53 {', `.:${port} {\n    bind 127.0.0.1`)
        .replace('health 127.0.0.1:0', `health 127.0.0.1:${health}`)
        .replace('ready 127.0.0.1:0', `ready 127.0.0.1:${readyPort}`)
        .replace('pods insecure', `pods insecure\n       kubeconfig ${kubeconfig} here`),
    )
    const startedAt = performance.now()
    const child = bench.children.start(program, ['-conf', conf])
    void servingLine(child)
    const server = await ready({ name, child, port, startedAt, version })
    return { ...server, times: async () => undefined }
  }
}

interface Started {
  readonly name: string
  readonly child: Child
  readonly port: number
  readonly startedAt: number
  readonly version: number | undefined
}

interface Check {
  readonly question: Question
  /** Part of an answer. */
  readonly expected: string
}

/** Waits until all that is asked is answered. */
async function ready({
  name,
  child,
  port,
  startedAt,
  version,
}: Started): Promise<Omit<ClusterServer, 'times'>> {
  const isOver = (): boolean => !child.isAlive() || performance.now() - startedAt > patienceMs
  for (const { question, expected } of checks(version)) {
    while (!(await ask({ port }, question))?.answers.some(answer => answer.includes(expected))) {
      if (isOver()) throw new Error(`Cannot start ${name}: it does not answer ${question.name}`)
      await sleep(pollMs)
    }
  }
  const readyMs = performance.now() - startedAt
  const { pid } = child
  const isAlive = (): boolean => child.isAlive()
  const end = (): Promise<void> => child.end()
  return { name, pid, port, readyMs, ready: memoryOf(pid), isAlive, end }
}

/** The Service of the API server itself is in every cluster. */
function* checks(version: number | undefined): Generator<Check, void> {
  yield {
    question: { name: 'kubernetes.default.svc.cluster.local', type: 'A' },
    expected: 'A 10.96.0.1',
  }
  if (version === undefined) return
  for (let index = 0; index < bigCluster.services; index += checkedEvery) {
    yield {
      question: { name: httpName(index), type: 'SRV' },
      expected: ` ${httpPort(index, version)} `,
    }
  }
}

/** Reads the log to its end, so that the server never waits for us; gives the line that says that it serves. */
async function servingLine(child: Child): Promise<Record<string, string | number>> {
  const serving = Promise.withResolvers<Record<string, string | number>>()
  void (async () => {
    for await (const line of child.lines()) {
      const entry = readLogLine(line)
      if (entry['message'] === 'serving') serving.resolve(entry)
    }
    serving.resolve({})
  })()
  return serving.promise
}
