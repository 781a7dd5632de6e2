/** A word of a zone file, or what stands between quotes. Escapes are left as they are: names and texts read them. */
export interface ZoneToken {
  readonly text: string
  readonly isQuoted: boolean
}

/** One record or directive: a line, or several where parentheses hold them together. */
export interface ZoneEntry {
  /** The line it begins on, from 1. */
  readonly line: number
  /** True when the owner is left out, which means that of the record before. */
  readonly startsBlank: boolean
  readonly tokens: readonly ZoneToken[]
}

export interface ZoneTextError {
  readonly error: string
  /** From 1. */
  readonly line: number
}

/** White space, a comment, a text in quotes (whole or not), a parenthesis, or a word. */
const tokenPattern =
  /[ \t\r]+|;[^\n]*|"((?:[^"\\\n]|\\[^\n])*)("?)|[()\n]|(?:[^ \t\r\n"();\\]|\\[^\n])+|\\/g

/** Takes the text of a zone file apart: comments, quotes, parentheses. RFC 1035 §5.1. */
export function readZoneEntries(text: string): readonly ZoneEntry[] | ZoneTextError {
  const entries: ZoneEntry[] = []
  let tokens: ZoneToken[] = []
  let entryLine = 1
  let startsBlank = false
  let isLineStart = true
  let line = 1
  let openedLine = 0
  for (const match of text.matchAll(tokenPattern)) {
    const [word, quoted, closing] = match
    const first = word[0]!
    if (isLineStart && openedLine === 0) {
      startsBlank = first === ' ' || first === '\t'
      entryLine = line
    }
    isLineStart = first === '\n'
    if (first === '\n') {
      line++
      if (openedLine > 0) continue
      if (tokens.length > 0) entries.push({ line: entryLine, startsBlank, tokens })
      tokens = []
    } else if (first === '(') {
      if (openedLine > 0) return { error: 'a parenthesis within parentheses', line }
      openedLine = line
    } else if (first === ')') {
      if (openedLine === 0) return { error: 'a parenthesis is closed that is not open', line }
      openedLine = 0
    } else if (quoted !== undefined) {
      if (closing === '') return { error: 'a quote is not closed on its line', line }
      tokens.push({ text: quoted, isQuoted: true })
    } else if (word === '\\') {
      return { error: 'a backslash at the end of a line', line }
    } else if (!/[ \t\r;]/.test(first)) {
      tokens.push({ text: word, isQuoted: false })
    }
  }
  if (openedLine > 0) return { error: 'a parenthesis is not closed', line: openedLine }
  if (tokens.length > 0) entries.push({ line: entryLine, startsBlank, tokens })
  return entries
}
