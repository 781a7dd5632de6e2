import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { builtInCorefile } from '../../src/app/built-in-corefile.ts'
import type { ClusterOptions, FolderOptions } from '../../src/app/cluster-options.ts'
import { Server } from '../../src/app/server.ts'
import { parseCidr } from '../../src/lib/cidr.ts'
import { askShort, checkBecomes } from './short-answer.ts'

/** Far more than a change needs to be answered: 200 ms. */
const deadlineMs = 10_000

type Options = Partial<Omit<FolderOptions, 'manifests'> & Omit<ClusterOptions, 'source'>>

/** The whole program in this process, on a folder of its own and a free port: `await using`. */
export class ServedFolder implements AsyncDisposable {
  readonly root: string
  readonly logged: string[] = []
  #server: Server | undefined

  private constructor(root: string) {
    this.root = root
  }

  static async start(
    files: Readonly<Record<string, string>>,
    options: Options = {},
  ): Promise<ServedFolder> {
    const served = new ServedFolder(await mkdtemp(join(tmpdir(), 'signpost-')))
    for (const [path, content] of Object.entries(files)) await served.write(path, content)
    const log = (message: string): unknown => served.logged.push(message)
    const cluster: FolderOptions & Omit<ClusterOptions, 'source'> = {
      serviceCidrs: [parseCidr('10.96.0.0/16')!],
      podCidrs: [parseCidr('10.244.0.0/16')!],
      workloads: 'run',
      pods: 'insecure',
      zone: 'cluster.local',
      ttlSeconds: 5,
      ...options,
      manifests: served.root,
    }
    const { server } = await Server.start({
      source: cluster,
      corefile: { path: 'Corefile', text: builtInCorefile(cluster) },
      workers: 1,
      defaultWorkers: 1,
      listen: [{ address: '127.0.0.1', family: 'IPv4', port: 0 }],
      logger: { info: log, warn: log, error: log },
      version: 'test',
    })
    served.#server = server
    return served
  }

  /** `A 10.96.0.9, A 10.96.0.10` in order; or the rcode, or `NODATA`. */
  ask = async (name: string, type?: string): Promise<string> =>
    askShort(this.#server!.bindings[0]!, name, type)

  /** Asks until the reply is `wanted`, which it then is, or until it is too late. */
  async becomes(t: Test, question: string, wanted: string | RegExp): Promise<void> {
    await checkBecomes(t, { ask: this.ask, question, wanted, patienceMs: deadlineMs })
  }

  /** Waits until a line that matches has been logged, now or earlier. */
  async logs(t: Test, line: RegExp): Promise<void> {
    const startedAt = performance.now()
    while (!this.logged.some(text => line.test(text)) && performance.now() - startedAt < deadlineMs)
      await delay(5)
    t.ok(
      this.logged.some(text => line.test(text)),
      `${line}`,
      { logged: this.logged },
    )
  }

  async write(path: string, content: string): Promise<void> {
    const file = join(this.root, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(join(this.root, from), join(this.root, to))
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.root, path))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.close()
    await rm(this.root, { recursive: true, force: true })
  }
}
