import { readFileSync, statSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'

export interface FileContents {
  readonly text: string
  readonly modifiedMs: number
}

/** Why there are no new contents; the code of the file system if it has one, like `ENOENT`. */
export type FileProblem = Pick<NodeJS.ErrnoException, 'message' | 'code'>

interface WatchedFileOptions {
  /** 0 for never. */
  readonly intervalMs: number
  /** Takes new contents, or says what is wrong with them: then what was taken last is to stay. */
  readonly take: (contents: FileContents) => string | undefined
  /** Hears why the file cannot be read or was not taken. Once, not each time it is found again. */
  readonly complain: (problem: FileProblem) => void
}

/**
 * A file that is looked at again every now and then, and read when it is another one. Polled, because a file mounted from a
 * ConfigMap changes by links that no watch on the path reports. Begins with `readNow` or `look`. Keeps no process alive.
 */
export class WatchedFile {
  readonly #path: string
  readonly #options: WatchedFileOptions
  readonly #timer: NodeJS.Timeout | undefined
  /** Of what was read last; empty when there was nothing to read. */
  #stamp = ''
  #problem = ''
  #looking: Promise<void> | undefined

  constructor(path: string, options: WatchedFileOptions) {
    this.#path = path
    this.#options = options
    if (options.intervalMs > 0) {
      this.#timer = setInterval(() => void this.look(), options.intervalMs).unref()
    }
  }

  /** Settles when the look that is under way has ended. */
  get isRead(): Promise<void> {
    return this.#looking ?? Promise.resolve()
  }

  /** At once, for those who must not answer without the file. */
  readNow(): void {
    try {
      const stats = statSync(this.#path)
      this.#take(stats, readFileSync(this.#path, 'utf8'))
    } catch (error) {
      // Not there, or not for us: whoever uses the file decides what that means.
      this.#lose(error as Error)
    }
  }

  /** Reads the file if it is another one. Once at a time; never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  /** No more looks; one that is under way ends. */
  close(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    try {
      // Before the text: a file that changes in between is read again the next time.
      const stats = await stat(this.#path)
      if (stampOf(stats) === this.#stamp) return
      this.#take(stats, await readFile(this.#path, 'utf8'))
    } catch (error) {
      // The file may be there the next time.
      this.#lose(error as Error)
    }
  }

  #take(stats: FileStats, text: string): void {
    this.#stamp = stampOf(stats)
    const message = this.#options.take({ text, modifiedMs: stats.mtimeMs })
    if (message === undefined) this.#problem = ''
    else this.#complain({ message })
  }

  #lose(error: Error): void {
    this.#stamp = ''
    this.#complain(error)
  }

  #complain(problem: FileProblem): void {
    if (problem.message === this.#problem) return
    this.#problem = problem.message
    this.#options.complain(problem)
  }
}

interface FileStats {
  readonly mtimeMs: number
  readonly size: number
  readonly ino: number
}

function stampOf({ mtimeMs, size, ino }: FileStats): string {
  return `${mtimeMs} ${size} ${ino}`
}
