import type { Kept } from '../serving-context.ts'
import { WatchedFile } from '../watched-file.ts'
import { FailureCache } from './failure-cache.ts'
import type { Upstream } from './upstream.ts'
import { parseNameServers } from './resolv-conf.ts'
import type { UpstreamAddress, UpstreamTarget } from './upstream-address.ts'

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
  readonly #files: readonly WatchedFile[]
  /** What the files say; nothing of a file that cannot be read. */
  readonly #texts = new Map<string, string | undefined>()
  /** Not before all files have been read, and not after the end. */
  #isFollowing = false
  #byServer = new Map<string, Upstream>()

  constructor(targets: readonly UpstreamTarget[], options: UpstreamSetOptions) {
    this.#targets = targets
    this.#options = options
    const paths = new Set(targets.flatMap(target => ('file' in target ? target.file : [])))
    this.#files = Array.from(paths, path => this.#watch(path))
    this.#update()
    this.#isFollowing = true
  }

  get all(): readonly Upstream[] {
    return [...this.#byServer.values()]
  }

  close(): void {
    this.#isFollowing = false
    for (const file of this.#files) file.close()
    for (const upstream of this.all) upstream.close()
  }

  #watch(path: string): WatchedFile {
    const file = new WatchedFile(path, {
      intervalMs: this.#options.fileIntervalMs,
      take: ({ text }) => {
        this.#follow(path, text)
        return undefined
      },
      complain: () => this.#follow(path, undefined),
    })
    file.readNow()
    return file
  }

  #follow(path: string, text: string | undefined): void {
    if (text === this.#texts.get(path)) return
    this.#texts.set(path, text)
    if (this.#isFollowing) this.#update()
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
    const servers = parseNameServers(this.#texts.get(path) ?? '')
    if (servers.length === 0) this.#options.onEmptyFile(path)
    return servers
  }
}
