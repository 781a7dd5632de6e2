import { ExpressionError } from './expression-error.ts'

/** A piece of an expression. */
export type ViewToken =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** A name, an operator in letters, or a mark. */
  | { readonly kind: 'word'; readonly value: string }

const tokenPattern =
  /\s+|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|`([^`]*)`|(0x[\da-f]+|\d+(?:\.\d+)?)|([a-z_]\w*|&&|\|\||[=!<>]=|[!<>()[\],])/isy

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

export function readTokens(text: string): ViewToken[] {
  const tokens: ViewToken[] = []
  let at = 0
  while (at < text.length) {
    tokenPattern.lastIndex = at
    const [whole, quoted, raw, number, word] = tokenPattern.exec(text) ?? []
    if (whole === undefined) {
      throw new ExpressionError(`${JSON.stringify(text.slice(at))} cannot stand there`)
    }
    at += whole.length
    if (quoted !== undefined) tokens.push({ kind: 'text', value: unquote(quoted) })
    else if (raw !== undefined) tokens.push({ kind: 'text', value: raw })
    else if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) })
    else if (word !== undefined) tokens.push({ kind: 'word', value: word })
  }
  return tokens
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, (_, escaped: string) => escapes[escaped] ?? escaped)
}
