import { renderCanonically } from './canonical-text.ts'
import { CorefileError, type Place } from './corefile-error.ts'
import type { Corefile, DirectiveText, ServerBlock, ServerKey, Word } from './corefile.ts'
import { replaceEnvironmentVariables } from './environment-variables.ts'
import { ImportReader } from './import-reader.ts'
import { parseServerKey } from './server-key.ts'
import { isBrace, type TokenCursor } from './token-cursor.ts'
import type { Token } from './tokens.ts'

const MAX_NESTING = 50

/** What a Corefile needs of the world outside. */
export interface CorefileFiles {
  /** The text of a file; `undefined` when there is none or it cannot be read. */
  read(path: string): string | undefined
  /** The files that match a pattern of Go's `filepath.Glob`. */
  glob(pattern: string): readonly string[]
  environment(name: string): string | undefined
}

export interface CorefileOptions {
  readonly files: CorefileFiles
  /** For keys of scheme `dns` without a port; 53 when absent. */
  readonly defaultPort?: number
}

/**
 * Reads a Corefile, which is a Caddyfile of version 1. `path` is what errors show and relative imports
 * start from. Throws `CorefileError`.
 */
export function parseCorefile(
  text: string,
  path: string,
  { files, defaultPort = 53 }: CorefileOptions,
): Corefile {
  const imports = new ImportReader(files)
  const parser = new CorefileParser(imports, files, defaultPort)
  imports.readRoot(text, path, cursor => parser.readBlocks(cursor))
  return {
    blocks: parser.blocks,
    files: imports.paths,
    globs: imports.globs,
    warnings: imports.warnings,
    canonicalText: renderCanonically(parser.blocks),
  }
}

class CorefileParser {
  readonly blocks: ServerBlock[] = []
  readonly #imports: ImportReader
  readonly #files: CorefileFiles
  readonly #defaultPort: number

  constructor(imports: ImportReader, files: CorefileFiles, defaultPort: number) {
    this.#imports = imports
    this.#files = files
    this.#defaultPort = defaultPort
  }

  /** Server blocks, snippets and imports of them, to the end of the file. */
  readBlocks(cursor: TokenCursor): void {
    for (let token = cursor.peek(); token; token = cursor.peek()) {
      if (isImport(token)) this.#readImport(cursor, inner => this.readBlocks(inner))
      else if (isBrace(token)) throw misplacedBrace(token, 'expected a zone')
      else this.#readBlock(cursor)
    }
  }

  #readBlock(cursor: TokenCursor): void {
    const words = this.#readKeyWords(cursor)
    const { file, line } = words[0]!
    const open = cursor.takeBrace('{')
    const snippet = words.length === 1 ? /^\(([^]*)\)$/.exec(words[0]!.text)?.[1] : undefined
    if (snippet !== undefined) {
      if (!open) throw new CorefileError(words[0]!, `expected "{" after (${snippet})`)
      this.#imports.define(snippet, words[0]!, cursor.takeBlock(open))
      return
    }
    const keys = words.flatMap(word => this.#parseKey(word))
    if (keys.length === 0) throw new CorefileError(words[0]!, 'expected a zone, not an empty word')
    const directives: DirectiveText[] = []
    this.#readLines(cursor, directives, { open, depth: 1 })
    this.blocks.push({ keys, directives, file, line })
  }

  /** The words of one line, and of the next where a comma ends it. At least one. */
  #readKeyWords(cursor: TokenCursor): Word[] {
    const words = [this.#wordOf(cursor.next()!)]
    for (;;) {
      const last = words.at(-1)!
      const expectsMore = last.text.endsWith(',')
      const token = cursor.peek()
      if (expectsMore && (!token || isBrace(token))) {
        throw new CorefileError(token ?? last, 'expected another zone after the comma')
      }
      if (!token || isBrace(token) || (token.startsLine && !expectsMore)) return words
      words.push(this.#wordOf(cursor.next()!))
    }
  }

  #parseKey(word: Word): readonly ServerKey[] {
    const texts = word.text.split(',').filter(text => text !== '')
    return texts.flatMap(text => {
      const keys = parseServerKey(text, this.#defaultPort)
      if (typeof keys === 'string')
        throw new CorefileError(word, `${JSON.stringify(text)}: ${keys}`)
      return keys
    })
  }

  /** The lines of a block: to the brace that closes `open`, or else to the end of the file. */
  #readLines(
    cursor: TokenCursor,
    lines: DirectiveText[],
    { open, depth }: { open: Place | undefined; depth: number },
  ): void {
    for (let token = cursor.peek(); token; token = cursor.peek()) {
      if (open && cursor.takeBrace('}')) return
      if (isBrace(token)) throw misplacedBrace(token, 'it belongs at the end of the line it opens')
      if (isImport(token)) {
        this.#readImport(cursor, inner => this.#readLines(inner, lines, { open: undefined, depth }))
      } else {
        lines.push(this.#readDirective(cursor, depth))
      }
    }
    if (open) throw cursor.unclosed(open)
  }

  #readDirective(cursor: TokenCursor, depth: number): DirectiveText {
    const token = cursor.next()!
    const { text: name, file, line } = this.#wordOf(token)
    if (!token.quoted && name.endsWith('{')) {
      throw new CorefileError(token, `"${name}": a space is missing before "{"`)
    }
    const words: Word[] = []
    for (let word = cursor.nextOfLine(); word; word = cursor.nextOfLine()) {
      words.push(this.#wordOf(word))
    }
    const open = cursor.peek()?.startsLine === false ? cursor.takeBrace('{') : undefined
    if (!open) return { name, words, lines: undefined, file, line }
    if (depth >= MAX_NESTING) {
      throw new CorefileError(open, `blocks are nested deeper than ${MAX_NESTING}`)
    }
    const lines: DirectiveText[] = []
    this.#readLines(cursor, lines, { open, depth: depth + 1 })
    const after = cursor.peek()
    if (after && !after.startsLine && !(isBrace(after) && after.text === '}')) {
      throw new CorefileError(after, `expected a new line after "}", not "${after.text}"`)
    }
    return { name, words, lines, file, line }
  }

  #readImport(cursor: TokenCursor, read: (inner: TokenCursor) => void): void {
    const place = cursor.next()!
    const token = cursor.nextOfLine()
    const target = token && this.#wordOf(token).text
    if (!target) throw new CorefileError(place, 'import: expected a file, a glob or a snippet')
    const extra = cursor.peek()
    if (extra && !extra.startsLine && !(isBrace(extra) && extra.text === '}')) {
      throw new CorefileError(extra, `import: too many arguments: "${extra.text}"`)
    }
    this.#imports.readImport(target, place, read)
  }

  #wordOf(token: Token): Word {
    const { file, line } = token
    const text = replaceEnvironmentVariables(token.text, name => {
      const value = this.#files.environment(name)
      if (value === undefined) {
        this.#imports.warn(token, `environment variable ${JSON.stringify(name)} is not set`)
      }
      return value ?? ''
    })
    return { text, file, line }
  }
}

function isImport(token: Token): boolean {
  return token.text === 'import' && !token.quoted
}

function misplacedBrace(token: Token, opening: string): CorefileError {
  const problem = token.text === '}' ? 'no block is open' : opening
  return new CorefileError(token, `unexpected "${token.text}": ${problem}`)
}
