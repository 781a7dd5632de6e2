import { readFile, stat } from 'node:fs/promises'
import { readUint32 } from '../../dns/header.ts'
import { parseZoneFile } from '../../dns/zone-file.ts'
import { parseName } from '../../dns/wire-name.ts'
import type { Kept, PluginLog } from '../serving-context.ts'
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
  readonly #timer: NodeJS.Timeout | undefined
  #modifiedMs = 0
  #lastError = ''
  #data: ZoneData | undefined
  /** Settles when the file has been read, for good or bad; it is read once at a time. */
  #reading: Promise<void>

  constructor(options: ZoneFileOptions, log: PluginLog) {
    this.#options = options
    this.#log = log
    this.#reading = this.#read()
    if (options.reloadMs > 0) {
      this.#timer = setInterval(() => void this.reload(), options.reloadMs)
      this.#timer.unref()
    }
  }

  /** `undefined` as long as there was no good file. */
  get data(): ZoneData | undefined {
    return this.#data
  }

  /** Settles when the file has been read for the first time, or the time that is under way. */
  get isRead(): Promise<void> {
    return this.#reading
  }

  /** Looks whether there is a new version. */
  reload(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read())
    return this.#reading
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #read(): Promise<void> {
    const { path, zone, newBy } = this.#options
    try {
      const { mtimeMs } = await stat(path)
      if (mtimeMs === this.#modifiedMs) return
      const data = parseZone(await readFile(path, 'utf8'), zone)
      this.#modifiedMs = mtimeMs
      if ('error' in data) return this.#fail(data.error)
      this.#lastError = ''
      if (newBy === 'serial' && this.#data && serialOf(this.#data) === serialOf(data)) return
      this.#data = data
      this.#log.info(
        'file',
        `zone ${zone} from ${path}: ${data.records.length} records, serial ${serialOf(data)}`,
      )
    } catch (error) {
      // The file may be there the next time.
      this.#fail((error as Error).message)
    }
  }

  /** Said once, not each time it is found again. */
  #fail(error: string): void {
    if (error === this.#lastError) return
    this.#lastError = error
    const rest = this.#data ? `serial ${serialOf(this.#data)} stays` : 'there is none yet'
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

function serialOf({ soa }: ZoneData): number {
  return readUint32(soa.rdata, soa.rdata.length - 20)
}
