import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Logger } from '../lib/logger.ts'
import { type FolderScan, isGone, reasonOf, scanFolder } from './folder-scan.ts'
import { FolderWatcher } from './folder-watcher.ts'
import { ManifestFolderError } from './manifest-folder-error.ts'
import { ManifestLoader } from './manifest-loader.ts'
import { type ManifestBatch, type ManifestCounts, ManifestSet } from './manifest-set.ts'

export interface ManifestFolderOptions {
  readonly logger: Logger
  /** Called before each file of a long read. */
  readonly onProgress?: (filesDone: number, filesTotal: number) => void
}

/** One edit makes several events: editors write, rename and touch. */
const DEBOUNCE_MS = 25
/** When to look again at a file that seemed half written. */
const SETTLE_MS = 30
/** Between two looks at everything, for what has no events; polling, for want of watches, is closer. */
const SAFETY_SCAN_MS = 1000
const POLL_MS = 100
/** A look at everything may take this part of the time. */
const SCAN_SHARE = 20

/**
 * A folder of manifests as a source of objects: read once, or followed as its files change.
 *
 *     await using folder = await ManifestFolder.open('examples', { logger })
 *     const whole = await folder.read()
 *     folder.watch(change => …)
 */
export class ManifestFolder implements AsyncDisposable {
  readonly #root: string
  /** As the user wrote it, for messages. */
  readonly #name: string
  readonly #options: ManifestFolderOptions
  readonly #loader: ManifestLoader
  readonly #set = new ManifestSet()
  readonly #dirty = new Set<string>()
  #scan: FolderScan | undefined
  #scanMs = 0
  #isAway = false
  #isPolling = false
  #watcher: FolderWatcher | undefined
  #onBatch: ((batch: ManifestBatch) => void) | undefined
  #look: NodeJS.Timeout | undefined
  #wholeLook: NodeJS.Timeout | undefined
  #busy: Promise<void> | undefined
  #isClosed = false

  private constructor(folder: string, options: ManifestFolderOptions) {
    this.#root = resolve(folder)
    this.#name = folder
    this.#options = options
    this.#loader = new ManifestLoader(this.#root)
  }

  /** Throws ManifestFolderError when there is no such folder. */
  static async open(folder: string, options: ManifestFolderOptions): Promise<ManifestFolder> {
    const stats = await stat(folder).catch((error: unknown) => {
      throw new ManifestFolderError(isGone(error) ? 'missing' : 'unreadable', folder, error)
    })
    if (!stats.isDirectory()) throw new ManifestFolderError('not-a-folder', folder)
    return new ManifestFolder(folder, options)
  }

  /** Reads the whole folder as it is: everything is new in the batch. To be called once, first. */
  async read(): Promise<ManifestBatch> {
    this.#scan = await this.#timedScan(() => true).catch((error: unknown) => {
      throw new ManifestFolderError('unreadable', this.#name, error)
    })
    const { changes, unsettled } = await this.#loader.load(this.#scan, {
      patience: 'none',
      lossesIn: () => new Set(),
      onProgress: (done, total) => this.#options.onProgress?.(done, total),
    })
    for (const path of unsettled) this.#dirty.add(folderOf(path))
    return this.#set.apply(changes)
  }

  /** What the folder holds, for one line of a log. */
  get counts(): ManifestCounts {
    return this.#set.counts
  }

  /** Follows the folder from what `read` saw until `close`; what changed since comes at once. */
  watch(onBatch: (batch: ManifestBatch) => void): void {
    this.#onBatch = onBatch
    this.#watcher = new FolderWatcher(this.#root, {
      onEvent: folder => this.#lookSoon(folder, DEBOUNCE_MS),
      onExhausted: error => this.#poll(error),
    })
    this.#watcher.follow(this.#scan?.folders ?? new Map())
    this.#lookSoon('', DEBOUNCE_MS)
    this.#lookAtAllLater()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#look)
    clearTimeout(this.#wholeLook)
    this.#watcher?.close()
    await this.#busy
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #poll(error: NodeJS.ErrnoException): void {
    this.#isPolling = true
    const cause =
      error.code === 'ENOSPC'
        ? 'the limit fs.inotify.max_user_watches is reached'
        : error.code === 'EMFILE'
          ? 'the limit fs.inotify.max_user_instances or of open files is reached'
          : error.message
    this.#options.logger.warn(`Cannot watch "${this.#name}": ${cause}: looking for changes instead`)
    this.#lookAtAllLater()
  }

  #lookSoon(folder: string, delayMs: number): void {
    this.#dirty.add(folder)
    if (this.#isClosed || this.#look) return
    this.#look = setTimeout(() => {
      this.#look = undefined
      this.#start()
    }, delayMs)
  }

  #lookAtAllLater(): void {
    clearTimeout(this.#wholeLook)
    if (this.#isClosed) return
    const shortestMs = this.#isPolling ? POLL_MS : SAFETY_SCAN_MS
    this.#wholeLook = setTimeout(
      () => {
        for (const folder of this.#scan?.folders.keys() ?? ['']) this.#dirty.add(folder)
        this.#start()
        void this.#busy?.then(() => this.#lookAtAllLater())
      },
      Math.max(shortestMs, SCAN_SHARE * this.#scanMs),
    )
  }

  /** One look at a time; what happens during it makes another. */
  #start(): void {
    if (this.#isClosed) return
    if (this.#busy) {
      void this.#busy.then(() => this.#lookSoon('', DEBOUNCE_MS))
      return
    }
    this.#busy = this.#lookNow().finally(() => {
      this.#busy = undefined
    })
  }

  async #lookNow(): Promise<void> {
    const dirty = new Set(this.#dirty)
    this.#dirty.clear()
    try {
      this.#scan = await this.#timedScan(folder => dirty.has(folder))
    } catch (error) {
      // Whoever mounted or synchronised the folder brings it back: its objects stay.
      this.#isAway = true
      this.#scan = undefined
      this.#watcher?.follow(new Map())
      const reason = isGone(error) ? 'the folder is gone' : reasonOf(error)
      this.#emit(this.#set.applyFolderState(this.#name, `${reason}; its last state is kept`))
      return
    }
    if (this.#isAway) {
      this.#isAway = false
      this.#emit(this.#set.applyFolderState(this.#name, undefined))
    }
    this.#watcher?.follow(this.#scan.folders)
    const { changes, unsettled } = await this.#loader.load(this.#scan, {
      patience: 'settle',
      lossesIn: files => this.#set.lossesIn(files),
      onProgress: () => undefined,
    })
    this.#emit(this.#set.apply(changes))
    for (const path of unsettled) this.#lookSoon(folderOf(path), SETTLE_MS)
  }

  async #timedScan(isDirty: (folder: string) => boolean): Promise<FolderScan> {
    const started = performance.now()
    const scan = await scanFolder(this.#root, { previous: this.#scan, isDirty })
    this.#scanMs = performance.now() - started
    return scan
  }

  #emit(batch: ManifestBatch): void {
    const { upserts, deletes, problems, solved } = batch
    const isEmpty = [upserts, deletes, problems, solved].every(list => list.length === 0)
    if (!this.#isClosed && !isEmpty) this.#onBatch?.(batch)
  }
}

function folderOf(path: string): string {
  return path.includes('/') ? dirname(path) : ''
}
