import type { Kept } from '../serving-context.ts'
import { FailureCache } from './failure-cache.ts'
import type { Upstream } from './upstream.ts'
import { parseNameServers } from './resolv-conf.ts'
import type { UpstreamAddress, UpstreamTarget } from './upstream-address.ts'
import { WatchedFile } from './watched-file.ts'

interface UpstreamSetOptions {
  readonly make: (server: UpstreamAddress) => Upstream
  readonly fileIntervalMs: number
  /** A file has no servers. */
  readonly onEmptyFile: (path: string) => void
}

/** As CoreDNS takes of a line. */
const mostUpstreams = 15

/** The upstreams of a directive, which outlive a change of the configuration: how they do, their connections, what failed. */
export class UpstreamSet implements Kept {
  readonly failures = new FailureCache()
  readonly #targets: readonly UpstreamTarget[]
  readonly #options: UpstreamSetOptions
  readonly #files: ReadonlyMap<string, WatchedFile>
  #byServer = new Map<string, Upstream>()

  constructor(targets: readonly UpstreamTarget[], options: UpstreamSetOptions) {
    this.#targets = targets
    this.#options = options
    const paths = new Set(targets.flatMap(target => ('file' in target ? target.file : [])))
    const watch = { intervalMs: options.fileIntervalMs, onChange: () => this.#update() }
    this.#files = new Map(Array.from(paths, path => [path, new WatchedFile(path, watch)]))
    this.#update()
  }

  get all(): readonly Upstream[] {
    return [...this.#byServer.values()]
  }

  close(): void {
    for (const file of this.#files.values()) file.close()
    for (const upstream of this.all) upstream.close()
  }

  /** From now on it is what targets and files say. Upstreams that were there stay as they are. */
  #update(): void {
    const servers = this.#targets
      .flatMap(target => ('file' in target ? this.#serversIn(target.file) : target))
      .slice(0, mostUpstreams)
    const before = this.#byServer
    const after = new Map<string, Upstream>()
    for (const server of servers) {
      const key = JSON.stringify(server)
      after.set(key, before.get(key) ?? after.get(key) ?? this.#options.make(server))
    }
    for (const [key, upstream] of before) if (!after.has(key)) upstream.close()
    if ([...before.keys()].join() !== [...after.keys()].join()) this.failures.clear()
    this.#byServer = after
  }

  #serversIn(path: string): readonly UpstreamAddress[] {
    const servers = parseNameServers(this.#files.get(path)?.text ?? '')
    if (servers.length === 0) this.#options.onEmptyFile(path)
    return servers
  }
}
