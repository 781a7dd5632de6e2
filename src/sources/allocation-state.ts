import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { objectKey } from '../objects/change.ts'
import { rawLabels } from '../objects/raw-value.ts'
import type { Service } from '../objects/service.ts'
import { AllocationStateError } from './allocation-state-error.ts'
import { openDatabase, sqliteCode } from './sqlite-database.ts'
import { takeWriterLock, type WriterLock } from './writer-lock.ts'

/** Marks the file as ours: an empty file is a valid database to SQLite, but never ours. */
const APPLICATION_ID = 0x53706f73
const FORMAT = 1

/** How long a reader and the writer wait for each other; either is done in milliseconds. */
const LOCK_TIMEOUT_MS = 5000

/** SQLITE_ERROR is among them because the statements are fixed: only a damaged schema refuses them. */
const damageCodes = [1, 11, 26]

const whatToDo =
  'restore it from a copy, or move it away to start anew: Services then get the addresses ' +
  'that their names lead to, which can differ from those in use'

/** Changes that become durable together or not at all. */
export interface AllocationBatch {
  readonly upserts?: readonly Service[]
  readonly deletes?: readonly { readonly namespace: string; readonly name: string }[]
}

/**
 * The allocated Services of standalone mode, kept in a directory: what was given out is given out
 * after a restart too. A commit is on disk when it returns; a kill at any point leaves the state of
 * the last commit that was begun and finished. docs/decisions/0002-allocation-state.md.
 */
export class AllocationState {
  readonly #file: string
  readonly #database: DatabaseSync
  readonly #lock: WriterLock | undefined

  private constructor(file: string, database: DatabaseSync, lock: WriterLock | undefined) {
    this.#file = file
    this.#database = database
    this.#lock = lock
  }

  /** Opens for writing and makes the directory when it is not there. Throws AllocationStateError. */
  static async open(directory: string): Promise<AllocationState> {
    const file = join(directory, 'allocations.db')
    let lock: WriterLock | undefined
    try {
      makeFolder(directory)
      lock = await takeWriterLock(directory)
      if (!existsSync(file)) await createFile(directory, file)
      return new AllocationState(file, await openChecked(file), lock)
    } catch (error) {
      lock?.release()
      throw explain(file, error)
    }
  }

  /** Opens for reading only, beside a process that writes. Throws AllocationStateError. */
  static async openReadOnly(directory: string): Promise<AllocationState> {
    const file = join(directory, 'allocations.db')
    if (!existsSync(file)) {
      const message = `Cannot read ${JSON.stringify(file)}: nothing has been allocated there yet`
      throw new AllocationStateError('missing', message)
    }
    try {
      // Not opened as read-only: a writer that was killed can leave a commit to be rolled back.
      const database = await openChecked(file)
      database.exec('PRAGMA query_only = 1')
      return new AllocationState(file, database, undefined)
    } catch (error) {
      throw explain(file, error)
    }
  }

  /** All Services, in the order of their `namespace/name`. Throws when one cannot be trusted. */
  load(): Service[] {
    try {
      const rows = this.#database
        .prepare('SELECT key, body, checksum FROM service ORDER BY key')
        .all()
      return rows.map(({ key, body, checksum }) => {
        if (typeof key !== 'string' || typeof body !== 'string') throw damage(this.#file, 'a row')
        if (checksumOf(key, body) !== checksum)
          throw damage(this.#file, `wrong checksum of ${JSON.stringify(key)}`)
        return reviveService(body)
      })
    } catch (error) {
      throw explain(this.#file, error)
    }
  }

  /** Stores a batch; on disk when it returns, without effect when it throws. */
  commit({ upserts = [], deletes = [] }: AllocationBatch): void {
    const database = this.#database
    try {
      database.exec('BEGIN IMMEDIATE')
      const remove = database.prepare('DELETE FROM service WHERE key = ?')
      const upsert = database.prepare(
        'INSERT OR REPLACE INTO service (key, body, checksum) VALUES (?, ?, ?)',
      )
      for (const object of deletes) remove.run(objectKey(object))
      for (const service of upserts) {
        const [key, body] = [objectKey(service), JSON.stringify(service)]
        upsert.run(key, body, checksumOf(key, body))
      }
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw explain(this.#file, error)
    }
  }

  close(): void {
    this.#database.close()
    this.#lock?.release()
  }
}

/** As mkdir -p. Node's own recursion never ends where a folder cannot be made in one that is there (/proc). */
function makeFolder(directory: string): void {
  if (existsSync(directory)) return
  const parent = dirname(resolve(directory))
  if (!existsSync(parent)) makeFolder(parent)
  mkdirSync(directory)
}

/** Makes the file aside and renames it, so that a file of that name is always a whole one. */
async function createFile(directory: string, file: string): Promise<void> {
  const unfinished = `${file}.new`
  for (const suffix of ['', '-journal']) rmSync(unfinished + suffix, { force: true })
  const database = await openDatabase(unfinished, { timeoutMs: LOCK_TIMEOUT_MS })
  try {
    database.exec(
      'PRAGMA synchronous = EXTRA; BEGIN; ' +
        `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; ` +
        'CREATE TABLE service (key TEXT PRIMARY KEY, body TEXT NOT NULL, checksum INTEGER NOT NULL) ' +
        'STRICT; COMMIT',
    )
  } finally {
    database.close()
  }
  renameSync(unfinished, file)
  const descriptor = openSync(directory, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

async function openChecked(file: string): Promise<DatabaseSync> {
  const database = await openDatabase(file, { timeoutMs: LOCK_TIMEOUT_MS })
  try {
    // EXTRA also syncs the directory after the journal is removed, which is what commits.
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA')
    const application = database.prepare('PRAGMA application_id').get()?.['application_id']
    if (application !== APPLICATION_ID) throw damage(file, 'not a Signpost state')
    const format = database.prepare('PRAGMA user_version').get()?.['user_version']
    if (format !== FORMAT) {
      const message = `Cannot read ${JSON.stringify(file)}: format ${String(format)}, this release knows ${FORMAT}; run the release that wrote it`
      throw new AllocationStateError('unknown-format', message)
    }
    const found = database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']
    if (found !== 'ok') throw damage(file, String(found))
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function checksumOf(key: string, body: string): number {
  return crc32(`${key}\n${body}`)
}

/** JSON drops what is `undefined`, and gives labels a prototype in which `constructor` is found. */
function reviveService(body: string): Service {
  const service: Service = JSON.parse(body)
  return {
    ...service,
    labels: rawLabels(service.labels),
    ipFamilyPolicy: service.ipFamilyPolicy,
    selector: service.selector && rawLabels(service.selector),
    ports: service.ports.map(port => ({ ...port, appProtocol: port.appProtocol })),
  }
}

function damage(file: string, what: string): AllocationStateError {
  const message = `Cannot read ${JSON.stringify(file)}: damaged (${what}); ${whatToDo}`
  return new AllocationStateError('damaged', message)
}

function explain(file: string, error: unknown): AllocationStateError {
  if (error instanceof AllocationStateError) return error
  const text = error instanceof Error ? error.message : String(error)
  const code = sqliteCode(error)
  if (code !== undefined && damageCodes.includes(code)) return damage(file, text)
  const message = `Cannot use ${JSON.stringify(file)}: ${text}`
  return new AllocationStateError('unusable', message, { cause: error })
}
