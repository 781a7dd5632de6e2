/** All warnings of a client's request share 4096 characters, and there are other webhooks: these take half at most. */
const maxLines = 16
const maxChars = 120

/** Warnings as the API server passes them on whole: few, short, ASCII; the last line counts those left out. */
export function warningLines(warnings: readonly string[]): string[] {
  const lines = [...new Set(warnings.map(warningLine))]
  if (lines.length <= maxLines) return lines
  const rest = lines.length - (maxLines - 1)
  return [...lines.slice(0, maxLines - 1), `and ${rest} more warnings like these`]
}

function warningLine(text: string): string {
  const ascii = text.replaceAll(/[^\x20-\x7e]/gu, '?')
  return ascii.length <= maxChars ? ascii : `${ascii.slice(0, maxChars - 3)}...`
}
