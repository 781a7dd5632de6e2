import { serialOfSoa } from '../../dns/soa-serial.ts'
import { parseZoneFile } from '../../dns/zone-file.ts'
import { parseName } from '../../dns/wire-name.ts'
import type { Kept, PluginLog } from '../serving-context.ts'
import { WatchedFile } from '../watched-file.ts'
import { makeZone, type ZoneData } from './zone-data.ts'

/** TTL of records where the file says none. */
const defaultTtlSeconds = 3600

export interface ZoneFileOptions {
  readonly path: string
  /** Lower case with a final dot. */
  readonly zone: string
  /** 0 for never. */
  readonly reloadMs: number
  /** By what a new version is known: its SOA serial or the time of the file. */
  readonly newBy: 'serial' | 'mtime'
}

/** The zone in a file, read again from time to time. A file that is no zone leaves the last one. */
export class ZoneFileSource implements Kept {
  readonly #options: ZoneFileOptions
  readonly #log: PluginLog
  readonly #file: WatchedFile
  #data: ZoneData | undefined

  constructor(options: ZoneFileOptions, log: PluginLog) {
    this.#options = options
    this.#log = log
    this.#file = new WatchedFile(options.path, {
      intervalMs: options.reloadMs,
      take: ({ text }) => this.#take(text),
      complain: ({ message }) => this.#fail(message),
    })
    void this.#file.look()
  }

  /** `undefined` as long as there was no good file. */
  get data(): ZoneData | undefined {
    return this.#data
  }

  /** Settles when the file has been read for the first time, or the time that is under way. */
  get isRead(): Promise<void> {
    return this.#file.isRead
  }

  /** Looks whether there is a new version. */
  reload(): Promise<void> {
    return this.#file.look()
  }

  close(): void {
    this.#file.close()
  }

  /** What is wrong with the text. */
  #take(text: string): string | undefined {
    const { path, zone, newBy } = this.#options
    const data = parseZone(text, zone)
    if ('error' in data) return data.error
    if (newBy === 'serial' && this.#data && serialOfSoa(this.#data.soa) === serialOfSoa(data.soa))
      return undefined
    this.#data = data
    this.#log.info(
      'file',
      `zone ${zone} from ${path}: ${data.records.length} records, serial ${serialOfSoa(data.soa)}`,
    )
    return undefined
  }

  #fail(error: string): void {
    const rest = this.#data ? `serial ${serialOfSoa(this.#data.soa)} stays` : 'there is none yet'
    this.#log.error(
      'file',
      `zone ${this.#options.zone} from ${this.#options.path}: ${error}; ${rest}`,
    )
  }
}

function parseZone(text: string, zone: string): ZoneData | { readonly error: string } {
  const apex = parseName(zone)!
  const parsed = parseZoneFile(text, { origin: apex, ttlSeconds: defaultTtlSeconds })
  if ('error' in parsed) return { error: `line ${parsed.line}: ${parsed.error}` }
  return makeZone(apex, parsed.records)
}
