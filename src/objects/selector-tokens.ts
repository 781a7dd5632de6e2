export type TokenKind = 'word' | 'end' | ',' | '(' | ')' | '!' | '=' | '==' | '!=' | '<' | '>'

export interface SelectorToken {
  readonly kind: TokenKind
  /** As it is written; '' at the end. */
  readonly text: string
  /** `in` or `notin`, which are operators where one is expected and words everywhere else. */
  readonly isOperatorWord: boolean
}

const symbols: ReadonlySet<string> = new Set([',', '(', ')', '!', '=', '==', '!=', '<', '>'])

/** The pieces of a label selector, the end included. Any text has pieces. */
export function readSelectorTokens(text: string): readonly SelectorToken[] {
  const tokens = Array.from(text.matchAll(/[^\s=!(),<>]+|[=!]=|[=!(),<>]/g), ([piece]) => ({
    kind: symbols.has(piece) ? (piece as TokenKind) : ('word' as const),
    text: piece,
    isOperatorWord: piece === 'in' || piece === 'notin',
  }))
  return [...tokens, { kind: 'end', text: '', isOperatorWord: false }]
}
