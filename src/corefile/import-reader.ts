import { CorefileError, type Place } from './corefile-error.ts'
import { isGlob, normalizePath, resolveImport } from './import-path.ts'
import type { CorefileFiles } from './parse-corefile.ts'
import { TokenCursor } from './token-cursor.ts'
import { type Token, readTokens } from './tokens.ts'

/** Beyond these a Corefile is taken for one whose imports multiply without end. */
const MAX_IMPORTS = 10_000
const MAX_TOKENS = 1_000_000
const MAX_DEPTH = 50

/** Finds and reads what a Corefile imports, and keeps count of it. */
export class ImportReader {
  readonly #files: CorefileFiles
  readonly #tokensOfFile = new Map<string, readonly Token[] | undefined>()
  readonly #snippets = new Map<
    string,
    { readonly place: Place; readonly tokens: readonly Token[] }
  >()
  readonly #globs = new Set<string>()
  readonly #warnings = new Set<string>()
  /** The files and snippets that are being read, each imported by the one before it. */
  readonly #open: string[] = []
  #importCount = 0
  #tokenCount = 0

  constructor(files: CorefileFiles) {
    this.#files = files
  }

  get paths(): readonly string[] {
    return [...this.#tokensOfFile.keys()]
  }

  get globs(): readonly string[] {
    return [...this.#globs]
  }

  get warnings(): readonly string[] {
    return [...this.#warnings]
  }

  warn({ file, line }: Place, problem: string): void {
    this.#warnings.add(`${file}:${line}: ${problem}`)
  }

  define(name: string, place: Place, tokens: readonly Token[]): void {
    const known = this.#snippets.get(name)?.place
    if (known) {
      throw new CorefileError(place, `(${name}) is already defined at ${known.file}:${known.line}`)
    }
    this.#snippets.set(name, { place, tokens })
  }

  /** Puts the Corefile itself before `read`. */
  readRoot(text: string, path: string, read: (cursor: TokenCursor) => void): void {
    const tokens = readTokens(text, path)
    this.#tokensOfFile.set(path, tokens)
    this.#enter(normalizePath(path), tokens, { place: { file: path, line: 1 }, read })
  }

  /** Puts the snippet, the file or each file of the glob `target` before `read`. */
  readImport(target: string, place: Place, read: (cursor: TokenCursor) => void): void {
    const snippet = this.#snippets.get(target)
    if (snippet) {
      this.#enter(`(${target})`, snippet.tokens, { place, read })
      return
    }
    const path = resolveImport(target, place.file)
    for (const file of isGlob(path) ? this.#match(path, place) : [path]) {
      this.#enter(normalizePath(file), this.#tokensOf(file, place), { place, read })
    }
  }

  #match(pattern: string, place: Place): readonly string[] {
    this.#globs.add(pattern)
    const files = [...this.#files.glob(pattern)].sort()
    if (files.length === 0) this.warn(place, `no files matching import glob pattern: ${pattern}`)
    return files
  }

  #tokensOf(path: string, place: Place): readonly Token[] {
    if (!this.#tokensOfFile.has(path)) {
      const text = this.#files.read(path)
      this.#tokensOfFile.set(path, text === undefined ? undefined : readTokens(text, path))
    }
    const tokens = this.#tokensOfFile.get(path)
    if (tokens) return tokens
    throw new CorefileError(
      place,
      `cannot import "${path}": no file that can be read, and no snippet of that name above`,
    )
  }

  #enter(
    label: string,
    tokens: readonly Token[],
    { place, read }: { place: Place; read: (cursor: TokenCursor) => void },
  ): void {
    this.#tokenCount += tokens.length
    this.#importCount++
    if (this.#open.includes(label)) {
      const cycle = [...this.#open.slice(this.#open.indexOf(label)), label].join(' → ')
      throw new CorefileError(place, `import cycle: ${cycle}`)
    }
    if (this.#open.length > MAX_DEPTH) {
      throw new CorefileError(place, `imports are nested deeper than ${MAX_DEPTH}`)
    }
    if (this.#importCount > MAX_IMPORTS) {
      throw new CorefileError(place, `more than ${MAX_IMPORTS} imports`)
    }
    if (this.#tokenCount > MAX_TOKENS) {
      throw new CorefileError(place, `more than ${MAX_TOKENS} words, imports included`)
    }
    this.#open.push(label)
    read(new TokenCursor(tokens, { file: tokens[0]?.file ?? place.file, line: 1 }))
    this.#open.pop()
  }
}
