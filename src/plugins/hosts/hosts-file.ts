import { parseName } from '../../dns/wire-name.ts'
import type { Kept, ServingContext } from '../serving-context.ts'
import { type FileContents, type FileProblem, WatchedFile } from '../watched-file.ts'
import { HostTable, type HostTableOptions } from './host-table.ts'
import type { HostsSettings } from './hosts-settings.ts'

/** A hosts file and the lines of the Corefile, looked at again every now and then. A file that goes is kept as it was. */
export class HostsFile implements Kept {
  /** That of the file, then that of the Corefile: what both say is answered in this order. Another array after each change. */
  tables: readonly HostTable[]
  readonly #settings: HostsSettings
  readonly #context: Pick<ServingContext, 'metrics' | 'log' | 'thread'>
  readonly #options: HostTableOptions
  readonly #inline: HostTable
  readonly #file: WatchedFile
  #isStarted = false

  constructor(
    settings: HostsSettings,
    context: Pick<ServingContext, 'metrics' | 'log' | 'thread'>,
  ) {
    this.#settings = settings
    this.#context = context
    const { zones, hasReverse, inline, reloadMs } = settings
    this.#options = { zones: zones.map(zone => parseName(zone)!), hasReverse }
    this.#inline = new HostTable(inline.join('\n'), this.#options)
    this.tables = [this.#inline]
    this.#file = new WatchedFile(settings.file, {
      intervalMs: reloadMs,
      take: contents => this.#take(contents),
      complain: problem => this.#complain(problem),
    })
    // At once, so that no query is answered without the file.
    this.#file.readNow()
    this.#count()
    this.#isStarted = true
  }

  /** Reads the file again if it is another one. Never rejects. */
  check(): Promise<void> {
    return this.#file.look()
  }

  close(): void {
    this.#file.close()
  }

  /** Every text is a hosts file: nothing is ever wrong with it. */
  #take({ text, modifiedMs }: FileContents): undefined {
    this.tables = [new HostTable(text, this.#options), this.#inline]
    this.#count()
    if (this.#isCounting) {
      this.#context.metrics.gauge('coredns_hosts_reload_timestamp_seconds').set(modifiedMs / 1000)
    }
  }

  /** A file that goes later is nothing to speak of. */
  #complain({ code, message }: FileProblem): void {
    if (this.#isStarted) return
    const { file, isFileNamed } = this.#settings
    if (code === 'ENOENT') {
      if (isFileNamed) this.#warn(`File does not exist: ${file}`)
    } else if (code === 'EISDIR') {
      this.#warn(`Hosts file "${file}" is a directory`)
    } else {
      this.#warn(`unable to access hosts file '${file}': ${message}`)
    }
  }

  #count(): void {
    if (!this.#isCounting) return
    this.#context.metrics
      .gauge('coredns_hosts_entries', { hostsfile: this.#settings.file })
      .set(this.tables.reduce((sum, table) => sum + table.entryCount, 0))
  }

  /** Every serving thread has the file; one of them speaks of it. */
  get #isCounting(): boolean {
    return this.#context.thread.index === 0
  }

  #warn(text: string): void {
    if (this.#isCounting) this.#context.log.warn('hosts', text)
  }
}
