import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FolderScan } from './folder-scan.ts'
import { isGone } from './folder-scan.ts'

export interface FolderWatcherOptions {
  /** Something happened in this directory, given relative to the root. */
  readonly onEvent: (folder: string) => void
  /** The system has no more watches to give; called once. */
  readonly onExhausted: (error: NodeJS.ErrnoException) => void
}

interface Watch {
  readonly id: string
  readonly watcher: FSWatcher
}

/**
 * Events for a tree of directories, one watch each. Only a hint where to look: file systems on the
 * network have no events, and a link's target may change out of sight.
 */
export class FolderWatcher {
  readonly #root: string
  readonly #options: FolderWatcherOptions
  readonly #watches = new Map<string, Watch>()
  #rootWatch: FSWatcher | undefined
  #isExhausted = false
  #isClosed = false

  constructor(root: string, options: FolderWatcherOptions) {
    this.#root = root
    this.#options = options
    // A root that is a link to somewhere is swapped in its parent, as git-sync does.
    this.#rootWatch = this.#open(dirname(root), name => {
      if (name === null || name === basename(root)) options.onEvent('')
    })
  }

  /** Watches exactly the directories of a scan. */
  follow(folders: FolderScan['folders']): void {
    for (const [folder, { id, watcher }] of this.#watches) {
      if (folders.get(folder)?.id === id) continue
      watcher.close()
      this.#watches.delete(folder)
    }
    for (const [folder, { id }] of folders) {
      // A look that was under way at the end must not open anything: an open watch keeps the process alive.
      if (this.#isExhausted || this.#isClosed) return
      if (this.#watches.has(folder)) continue
      const watcher = this.#open(join(this.#root, folder), () => this.#options.onEvent(folder))
      if (!watcher) continue
      this.#watches.set(folder, { id, watcher })
      // What happened between the scan and the watch has no event of its own.
      this.#options.onEvent(folder)
    }
  }

  close(): void {
    this.#isClosed = true
    this.#rootWatch?.close()
    for (const { watcher } of this.#watches.values()) watcher.close()
    this.#watches.clear()
  }

  #open(path: string, onEvent: (name: string | null) => void): FSWatcher | undefined {
    try {
      const watcher = watch(path, (_type, name) => onEvent(name))
      // Not opened again, lest it fails for ever; the looks at everything still come.
      watcher.on('error', () => watcher.close())
      return watcher
    } catch (error) {
      // No watch is no failure: the folder is looked at every so often anyway.
      if (!isGone(error)) this.#giveUp(error as NodeJS.ErrnoException)
      return undefined
    }
  }

  #giveUp(error: NodeJS.ErrnoException): void {
    if (this.#isExhausted || error.code === 'EACCES') return
    this.#isExhausted = true
    this.#options.onExhausted(error)
  }
}
