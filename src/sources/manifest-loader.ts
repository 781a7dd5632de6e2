import { open } from 'node:fs/promises'
import { Breather } from './breather.ts'
import { type FolderScan, isGone, reasonOf, scannedFile } from './folder-scan.ts'
import { type ManifestFile, readManifestFile } from './manifest-file.ts'
import { comparePaths } from './manifest-path.ts'
import type { FileChange } from './manifest-set.ts'
import { StringPool } from './string-pool.ts'

const MAX_FILE_BYTES = 64 * 1024 * 1024

/** A file this young with a fault in it may be half written: an editor is done long before. */
const FAULT_SETTLES_MS = 100
/** The same for a file that lacks objects it had: it may have been emptied to be written anew. */
const LOSS_SETTLES_MS = 50
/** But a file that never comes to rest is taken as it is after this long. */
const MAX_WAIT_MS = 1000
/** Clocks of file systems tick this coarsely: two writes closer together may leave one stamp. */
const STAMP_TICK_MS = 20

/** What is to be read of a folder after a scan, and when to look again. */
export interface LoadResult {
  readonly changes: readonly FileChange[]
  /** Files that are still being written, it seems. */
  readonly unsettled: readonly string[]
}

export interface LoadOptions {
  /** Takes every file as it is, however young. */
  readonly patience: 'none' | 'settle'
  readonly lossesIn: (files: readonly ManifestFile[]) => ReadonlySet<string>
  readonly onProgress: (filesDone: number, filesTotal: number) => void
}

/** A file as it was when it was opened. */
interface SeenFile {
  readonly stamp: string
  readonly ageMs: number
}

interface Reading {
  readonly path: string
  readonly change: FileChange
  /** `undefined` when it could not even be opened. */
  readonly seen: SeenFile | undefined
}

/** Reads the files of a folder that changed since they were last read. */
export class ManifestLoader {
  readonly #root: string
  /** Stamps of what was last read; '' for what has to be read again in any case. */
  readonly #stamps = new Map<string, string>()
  readonly #unsettledSince = new Map<string, number>()

  constructor(root: string) {
    this.#root = root
  }

  async load(scan: FolderScan, options: LoadOptions): Promise<LoadResult> {
    const changes = this.#changesWithoutReading(scan)
    const unsettled: string[] = []
    const paths = [...scan.files.keys()]
      .filter(path => this.#stamps.get(path) !== scan.files.get(path)!.stamp)
      .sort(comparePaths)
    const context = { breather: new Breather(), pool: new StringPool() }
    const readings: Reading[] = []
    for (const [done, path] of paths.entries()) {
      options.onProgress(done, paths.length)
      readings.push(await this.#read(path, context))
    }
    if (paths.length > 0) options.onProgress(paths.length, paths.length)
    const losing = options.lossesIn(readings.flatMap(({ change }) => fileOf(change) ?? []))
    for (const { path, change, seen } of readings) {
      const settlesMs = settlingTime(change, losing)
      if (seen && options.patience === 'settle' && this.#isUnsettled(path, seen, settlesMs)) {
        unsettled.push(path)
        continue
      }
      this.#unsettledSince.delete(path)
      const isRacy = seen !== undefined && isYounger(seen, STAMP_TICK_MS)
      this.#stamps.set(path, seen && !isRacy ? seen.stamp : '')
      if (isRacy) unsettled.push(path)
      changes.push(change)
    }
    return { changes, unsettled }
  }

  #changesWithoutReading(scan: FolderScan): FileChange[] {
    const changes: FileChange[] = []
    for (const [path, reason] of scan.unreadable) {
      this.#stamps.set(path, '')
      changes.push({ type: 'unreadable', path, reason })
    }
    for (const path of this.#stamps.keys()) {
      if (scan.files.has(path) || isWithin(path, scan.unreadable)) continue
      this.#stamps.delete(path)
      this.#unsettledSince.delete(path)
      changes.push({ type: 'gone', path })
    }
    return changes
  }

  async #read(path: string, context: Parameters<typeof readManifestFile>[2]): Promise<Reading> {
    const now = Date.now()
    try {
      await using handle = await open(`${this.#root}/${path}`)
      const stats = await handle.stat({ bigint: true })
      const { stamp, modifiedMs } = scannedFile(stats)
      const seen = { stamp, ageMs: now - modifiedMs }
      if (stats.size > MAX_FILE_BYTES) {
        const reason = `is too long: ${stats.size} bytes, the most is ${MAX_FILE_BYTES}`
        return { path, change: { type: 'unreadable', path, reason }, seen }
      }
      const file = await readManifestFile(path, await handle.readFile(), context)
      return { path, change: { type: 'read', file }, seen }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      const change: FileChange = isGone(error)
        ? { type: 'gone', path }
        : { type: 'unreadable', path, reason: reasonOf(error) }
      return { path, change, seen: undefined }
    }
  }

  #isUnsettled(path: string, seen: SeenFile, settlesMs: number): boolean {
    if (!isYounger(seen, settlesMs)) return false
    const now = Date.now()
    const since = this.#unsettledSince.get(path) ?? now
    this.#unsettledSince.set(path, since)
    return now - since < MAX_WAIT_MS
  }
}

/** How old a file has to be before what was read of it is believed. */
function settlingTime(change: FileChange, losing: ReadonlySet<string>): number {
  const file = fileOf(change)
  if (!file) return 0
  if (file.problems.some(problem => problem.severity === 'error')) return FAULT_SETTLES_MS
  return losing.has(file.path) ? LOSS_SETTLES_MS : 0
}

function fileOf(change: FileChange): ManifestFile | undefined {
  return change.type === 'read' ? change.file : undefined
}

/** A time of writing in the future says nothing: another machine's clock made it. */
function isYounger(seen: SeenFile, milliseconds: number): boolean {
  return seen.ageMs >= 0 && seen.ageMs < milliseconds
}

function isWithin(path: string, folders: ReadonlyMap<string, string>): boolean {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
    if (folders.has(at)) return true
  return false
}
