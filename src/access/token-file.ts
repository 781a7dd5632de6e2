import { readFile } from 'node:fs/promises'

/** A bearer token that somebody else replaces on disk: the kubelet, an hour before it ends. */
export class TokenFile {
  readonly #path: string
  #lastGood: string | undefined

  constructor(path: string) {
    this.#path = path
  }

  /**
   * The token of the moment. A file that is away, empty or cut off is being replaced: the last good token then stays, unless it
   * was refused. Rejects where there has been none.
   */
  async read(last?: 'refused'): Promise<string> {
    const held = this.#lastGood
    try {
      const found = (await readFile(this.#path, 'utf8')).trim()
      if (found === '') throw new Error(`expected a token in "${this.#path}", which is empty`)
      if (held === undefined || last === 'refused' || !isCutOff(found, held)) {
        this.#lastGood = found
      }
      return this.#lastGood!
    } catch (error) {
      if (held === undefined) throw error
      // Whether the held one still serves is the API server's to say.
      return held
    }
  }
}

/** Service account tokens are JSON web tokens: three parts with dots between. */
function isCutOff(found: string, held: string): boolean {
  return isWebToken(held) && !isWebToken(found)
}

function isWebToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)
}
