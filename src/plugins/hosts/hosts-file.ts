import { readFileSync, statSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { parseName } from '../../dns/wire-name.ts'
import type { Kept, ServingContext } from '../serving-context.ts'
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
  readonly #timer: NodeJS.Timeout | undefined
  /** Time of modification and size of what has been read. */
  #stamp = ''
  #isReading = false

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
    this.#readFirst()
    if (reloadMs > 0) {
      this.#timer = setInterval(() => void this.check(), reloadMs)
      this.#timer.unref()
    }
  }

  /** Reads the file again if it is another one. Never rejects. */
  async check(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      const { mtimeMs, size } = await stat(this.#settings.file)
      if (this.#stamp !== stampOf(mtimeMs, size)) {
        this.#take(await readFile(this.#settings.file, 'utf8'), mtimeMs, size)
      }
    } catch {
      // The file has gone, or cannot be read any more: what it said last goes on.
    }
    this.#isReading = false
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** At once, so that no query is answered without the file. */
  #readFirst(): void {
    const { file, isFileNamed } = this.#settings
    try {
      const { mtimeMs, size } = statSync(file)
      this.#take(readFileSync(file, 'utf8'), mtimeMs, size)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') {
        if (isFileNamed) this.#warn(`File does not exist: ${file}`)
      } else if (code === 'EISDIR') {
        this.#warn(`Hosts file "${file}" is a directory`)
      } else {
        this.#warn(`unable to access hosts file '${file}': ${message}`)
      }
      this.#count()
    }
  }

  #take(text: string, mtimeMs: number, size: number): void {
    this.tables = [new HostTable(text, this.#options), this.#inline]
    this.#stamp = stampOf(mtimeMs, size)
    this.#count()
    if (this.#isCounting) {
      this.#context.metrics.gauge('coredns_hosts_reload_timestamp_seconds').set(mtimeMs / 1000)
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

function stampOf(mtimeMs: number, size: number): string {
  return `${mtimeMs} ${size}`
}
