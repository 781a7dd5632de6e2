import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server, type ServerOptions } from '../../src/app/server.ts'
import { parseCidr } from '../../src/lib/cidr.ts'
import type { Binding } from '../../src/server/binding.ts'

export interface CorefileSetting {
  /** Manifests by path; one Service `default/web` at 10.96.0.80 when absent; none where the Corefile says the cluster. */
  readonly manifests?: Readonly<Record<string, string>> | 'none'
  /** Other files beside the Corefile, by path. `DIR` in the Corefile stands for their folder. */
  readonly files?: Readonly<Record<string, string>>
  readonly workers?: number
}

const web = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.80, ports: [{name: http, port: 80}]}
`

/** The whole program in this process with a Corefile of its own on a free port of loopback: `await using`. */
export class ServedCorefile implements AsyncDisposable {
  readonly root: string
  readonly logged: string[] = []
  #server: Server | undefined

  private constructor(root: string) {
    this.root = root
  }

  static async start(corefile: string, setting: CorefileSetting = {}): Promise<ServedCorefile> {
    const { manifests = { 'web.yaml': web }, files = {}, workers } = setting
    const served = new ServedCorefile(await mkdtemp(join(tmpdir(), 'signpost-')))
    const folder = await mkdtemp(join(served.root, 'manifests-'))
    if (manifests !== 'none') {
      for (const [path, text] of Object.entries(manifests)) {
        await writeFile(join(folder, path), text)
      }
    }
    for (const [path, text] of Object.entries(files)) await writeFile(served.at(path), text)
    await served.write(corefile)
    const log =
      (level: string) =>
      (message: string): void => {
        served.logged.push(`[${level}] ${message}`)
      }
    const options: ServerOptions = {
      source:
        manifests === 'none'
          ? undefined
          : {
              serviceCidrs: [parseCidr('10.96.0.0/16')!],
              podCidrs: [parseCidr('10.244.0.0/16')!],
              workloads: 'run',
              manifests: folder,
            },
      corefile: { path: served.at('Corefile') },
      listen: [{ address: '127.0.0.1', family: 'IPv4', port: 0 }],
      workers,
      defaultWorkers: 1,
      version: 'test',
      logger: { info: log('INFO'), warn: log('WARNING'), error: log('ERROR') },
    }
    try {
      served.#server = (await Server.start(options)).server
    } catch (error) {
      await served[Symbol.asyncDispose]()
      throw error
    }
    return served
  }

  get server(): Server {
    return this.#server!
  }

  get binding(): Binding {
    return this.server.bindings[0]!
  }

  at(path: string): string {
    return join(this.root, path)
  }

  async write(corefile: string): Promise<void> {
    await writeFile(this.at('Corefile'), corefile.replaceAll('DIR', this.root))
  }

  /** Another Corefile, and its reload. */
  async reload(corefile: string): Promise<void> {
    await this.write(corefile)
    await this.server.reload()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.close()
    await rm(this.root, { recursive: true, force: true })
  }
}
