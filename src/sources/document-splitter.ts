/** One document of a multi-document file, still as text. */
export interface DocumentText {
  /** From 1, not counting empty documents. */
  readonly number: number
  readonly text: string
  /** The line of the file on which `text` starts, from 1. */
  readonly firstLine: number
  /** The line of the file with the first content that is no comment. */
  readonly contentLine: number
}

const LINE_FEED = 10
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Cuts a YAML stream at the lines that start with `---`, as kubectl does before it parses, so that
 * one broken document leaves the others whole. What follows `--- ` on the line belongs to the
 * document; the rest of a line such as `-----` does not. Each document is decoded by itself: a text
 * cut out of another would keep all of it in memory. Throws TypeError on bytes that are not UTF-8.
 */
export function* splitDocuments(bytes: Buffer): Generator<DocumentText> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let start = bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
  let firstLine = 1
  let number = 0
  while (start < bytes.length) {
    const end = endOfDocument(bytes, start)
    const text = withoutMarker(decoder.decode(bytes.subarray(start, end)))
    const skipped = linesBeforeContent(text)
    if (skipped !== undefined)
      yield { number: ++number, text, firstLine, contentLine: firstLine + skipped }
    for (let at = start; at < end; at++) if (bytes[at] === LINE_FEED) firstLine++
    start = end
  }
}

/** The offset of the next line that starts with `---`, after the line at `start`. */
function endOfDocument(bytes: Buffer, start: number): number {
  const found = bytes.indexOf('\n---', start)
  return found < 0 ? bytes.length : found + 1
}

function withoutMarker(text: string): string {
  if (!text.startsWith('---')) return text
  if (/^---[ \t]/.test(text)) return `   ${text.slice(3)}`
  const lineEnd = text.indexOf('\n')
  return lineEnd < 0 ? '' : text.slice(lineEnd)
}

/** How many lines stand before the content; `undefined` when all are empty, comments or directives. */
function linesBeforeContent(text: string): number | undefined {
  let line = 0
  let start = 0
  while (start <= text.length) {
    const lineEnd = text.indexOf('\n', start)
    const content = text.slice(start, lineEnd < 0 ? text.length : lineEnd).trim()
    if (content !== '' && !/^(#|%(YAML|TAG)\b|\.\.\.$)/.test(content)) return line
    if (lineEnd < 0) return undefined
    start = lineEnd + 1
    line++
  }
  return undefined
}
