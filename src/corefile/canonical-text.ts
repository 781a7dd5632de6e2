import type { DirectiveText, ServerBlock } from './corefile.ts'

/** {@link Corefile.canonicalText} */
export function renderCanonically(blocks: readonly ServerBlock[]): string {
  const lines: string[] = []
  for (const { keys, directives } of blocks) {
    const zones = keys.map(({ scheme, zone, port }) => `${scheme}://${zone}:${port}`)
    lines.push(`${zones.join(' ')} {`)
    pushLines(lines, directives)
    lines.push('}')
  }
  return lines.map(line => `${line}\n`).join('')
}

/** Words stand in quotes, so no word can be taken for a brace or for two words. */
function pushLines(lines: string[], directives: readonly DirectiveText[]): void {
  for (const { name, words, lines: own } of directives) {
    const text = [name, ...words.map(word => word.text)].map(word => JSON.stringify(word)).join(' ')
    lines.push(own ? `${text} {` : text)
    if (!own) continue
    pushLines(lines, own)
    lines.push('}')
  }
}
