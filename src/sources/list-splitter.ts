/** A List document in block style, taken apart. */
export interface ListText {
  /** The document with `items: []` in place of its items. */
  readonly frame: string
  /** Each is a YAML sequence of one entry. */
  readonly items: readonly ItemText[]
}

interface ItemText {
  readonly text: string
  /** Lines of the document before the item. */
  readonly linesBefore: number
}

/**
 * Takes the `items` of a long block-style List apart, so that its syntax tree, some fifty times the
 * size of the text, is never in memory as a whole. A line that starts with a dash at the indent of the
 * first item can be nothing but an item: scalars of several lines are indented further.
 * `undefined` when the document has another form; then it has to be parsed in one piece.
 */
export function splitList(text: string): ListText | undefined {
  const opening = /^items:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*?(?=( *)-[ \r\n])/m.exec(text)
  if (!opening) return undefined
  const indent = opening[1]!
  const starts: number[] = []
  const first = opening.index + opening[0].length
  let at = first
  while (at < text.length) {
    if (startsItem(text, at, indent)) starts.push(at)
    else if (isOutside(text, at)) break
    const lineEnd = text.indexOf('\n', at)
    at = lineEnd < 0 ? text.length : lineEnd + 1
  }
  const frame = `${text.slice(0, opening.index)}items: []\n${text.slice(at)}`
  const items: ItemText[] = []
  let linesBefore = countLines(text, 0, first)
  for (const [position, start] of starts.entries()) {
    const end = starts[position + 1] ?? at
    items.push({ text: text.slice(start, end), linesBefore })
    linesBefore += countLines(text, start, end)
  }
  return { frame, items }
}

function startsItem(text: string, at: number, indent: string): boolean {
  if (!text.startsWith(`${indent}-`, at)) return false
  const next = text[at + indent.length + 1]
  return next === undefined || next === ' ' || next === '\n' || next === '\r'
}

/** A line whose first column is neither blank nor a comment ends the list. */
function isOutside(text: string, at: number): boolean {
  return !' \t\r\n#'.includes(text[at]!)
}

function countLines(text: string, start: number, end: number): number {
  let lines = 0
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1))
    lines++
  return lines
}
