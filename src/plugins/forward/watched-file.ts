import { readFileSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'

interface WatchedFileOptions {
  readonly intervalMs: number
  /** Called when the text is another one, or the file has gone or come. */
  readonly onChange: () => void
}

/**
 * The text of a file, which is looked at every few seconds. Polled, because a file mounted from a ConfigMap changes by links
 * that no watch on the path reports. Keeps no process alive.
 */
export class WatchedFile {
  readonly path: string
  #text: string | undefined
  #state: string
  readonly #onChange: () => void
  readonly #timer: NodeJS.Timeout
  #isClosed = false

  constructor(path: string, { intervalMs, onChange }: WatchedFileOptions) {
    this.path = path
    this.#onChange = onChange
    this.#state = stateOf(statSync(path, { throwIfNoEntry: false }))
    this.#text = readText(path)
    this.#timer = setInterval(() => void this.#look(), intervalMs).unref()
  }

  /** `undefined` when the file cannot be read. */
  get text(): string | undefined {
    return this.#text
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    // A file that cannot be looked at is one that is not there.
    const state = stateOf(await stat(this.path).catch(() => undefined))
    if (this.#isClosed || state === this.#state) return
    this.#state = state
    const text = readText(this.path)
    if (text === this.#text) return
    this.#text = text
    this.#onChange()
  }
}

function stateOf(
  stats: { readonly mtimeMs: number; readonly size: number; readonly ino: number } | undefined,
): string {
  return stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : ''
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Not there, or not for us: whoever uses it says so.
    return undefined
  }
}
