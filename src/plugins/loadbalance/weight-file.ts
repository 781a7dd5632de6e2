import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { PluginLog } from '../serving-context.ts'
import { parseWeights, type Weights } from './parse-weights.ts'

/** The weights of a file, which is read again and again. What is wrong with it is logged once, and the last good state kept. */
export class WeightFile {
  readonly #file: string
  readonly #log: PluginLog
  readonly #timer: NodeJS.Timeout | undefined
  #text: string | undefined
  #problem = ''
  #weights: Weights = new Map()

  /** A `reloadMs` of 0 reads it once. */
  constructor(
    { file, reloadMs }: { readonly file: string; readonly reloadMs: number },
    log: PluginLog,
  ) {
    this.#file = file
    this.#log = log
    try {
      this.#take(readFileSync(file, 'utf8'))
    } catch (error) {
      this.#report(error as Error)
    }
    if (reloadMs > 0) this.#timer = setInterval(() => void this.read(), reloadMs)
  }

  get weights(): Weights {
    return this.#weights
  }

  async read(): Promise<void> {
    try {
      const isFirst = this.#text === undefined
      if (this.#take(await readFile(this.#file, 'utf8')) && !isFirst) {
        this.#log.info('loadbalance', `Successfully reloaded weight file ${this.#file}`)
      }
    } catch (error) {
      this.#report(error as Error)
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** False when the file says what it said before, or what cannot be read. */
  #take(text: string): boolean {
    if (text === this.#text) return false
    this.#text = text
    const parsed = parseWeights(text)
    if ('error' in parsed) {
      this.#report({ message: `${this.#file}: ${parsed.error}` })
      return false
    }
    this.#weights = parsed
    this.#problem = ''
    return true
  }

  #report({ message }: Pick<Error, 'message'>): void {
    if (message === this.#problem) return
    this.#problem = message
    this.#log.warn('loadbalance', `Cannot read weights: ${message}`)
  }
}
