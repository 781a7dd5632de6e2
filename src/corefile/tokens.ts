import { CorefileError } from './corefile-error.ts'

/** A word or a brace. */
export interface Token {
  readonly text: string
  readonly file: string
  readonly line: number
  /** Written in quotes: never a brace, a comma or the keyword `import`. */
  readonly quoted: boolean
  /** First of its line. */
  readonly startsLine: boolean
}

/** Go's `unicode.IsSpace`, without the carriage return. */
const space = /[\t\n\v\f \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

/**
 * Splits a Corefile into words. They end at white space. A word that begins with `"` ends at the next
 * `"`, lines included, and `\"` is the only escape in it. `#` starts a comment at any other place, also
 * within a word. Carriage returns outside of quotes and a byte order mark are dropped. There is no
 * continuation of lines. Throws `CorefileError`.
 */
export function readTokens(text: string, file: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  /** The line on which the last token ended. */
  let lastLine = 0
  let at = text.startsWith('\ufeff') ? 1 : 0

  function push(tokenText: string, start: { line: number; quoted: boolean }): void {
    tokens.push({ text: tokenText, file, ...start, startsLine: start.line !== lastLine })
    lastLine = line
  }

  while (at < text.length) {
    const char = text[at]!
    if (char === '\n') line++
    if (char === '\r' || space.test(char)) {
      at++
    } else if (char === '#') {
      at = endOfLine(text, at)
    } else if (char === '"') {
      const end = endOfQuotes(text, at + 1)
      if (end === undefined) throw new CorefileError({ file, line }, 'the quotes are not closed')
      const content = text.slice(at + 1, end)
      const start = { line, quoted: true }
      line += content.split('\n').length - 1
      push(content.replaceAll('\\"', '"'), start)
      at = end + 1
    } else {
      const end = endOfWord(text, at)
      push(text.slice(at, end).replaceAll('\r', ''), { line, quoted: false })
      at = end
    }
  }
  return tokens
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** Where the closing quotes are. A backslash keeps whatever follows from ending the word. */
function endOfQuotes(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') return at
    if (text[at] === '\\') at++
  }
  return undefined
}

function endOfWord(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '#' && !space.test(text[at]!)) at++
  return at
}
