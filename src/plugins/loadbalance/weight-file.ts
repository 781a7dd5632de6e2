import type { PluginLog } from '../serving-context.ts'
import { WatchedFile } from '../watched-file.ts'
import { parseWeights, type Weights } from './parse-weights.ts'

/** The weights of a file, which is read again and again. What is wrong with it is logged once, and the last good state kept. */
export class WeightFile {
  readonly #path: string
  readonly #file: WatchedFile
  readonly #log: PluginLog
  #text: string | undefined
  #weights: Weights = new Map()

  /** A `reloadMs` of 0 reads it once. */
  constructor(
    { file, reloadMs }: { readonly file: string; readonly reloadMs: number },
    log: PluginLog,
  ) {
    this.#path = file
    this.#log = log
    this.#file = new WatchedFile(file, {
      intervalMs: reloadMs,
      take: ({ text }) => this.#take(text),
      complain: ({ message }) => log.warn('loadbalance', `Cannot read weights: ${message}`),
    })
    this.#file.readNow()
  }

  get weights(): Weights {
    return this.#weights
  }

  /** Reads the file again if it is another one. Never rejects. */
  read(): Promise<void> {
    return this.#file.look()
  }

  close(): void {
    this.#file.close()
  }

  /** What is wrong with the text. */
  #take(text: string): string | undefined {
    const parsed = parseWeights(text)
    if ('error' in parsed) {
      this.#text = text
      return `${this.#path}: ${parsed.error}`
    }
    const isNew = this.#text !== undefined && text !== this.#text
    this.#text = text
    this.#weights = parsed
    if (isNew) this.#log.info('loadbalance', `Successfully reloaded weight file ${this.#path}`)
    return undefined
  }
}
