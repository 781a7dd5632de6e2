import { classIn } from '../../dns/header.ts'
import type { QueryScan } from '../../dns/query-scan.ts'
import type { RewriteRule } from './rewrite-rule.ts'
import type { TextMatch } from './text-match.ts'

const dot = 0x2e

/** The longest length byte of a label: what stands for a dot in wire form. */
const maxLengthByte = 63

/**
 * Whether a rule may have to do with a question that the fast path could answer. Sure when false; true where only the chain can
 * tell. Allocates nothing.
 */
export function mayApply({ change }: RewriteRule, scan: QueryScan): boolean {
  switch (change.field) {
    case 'type':
      return scan.type === change.from
    case 'class':
      return change.from === classIn
    case 'edns0':
      // The others change what upstream servers are sent; a local one shows in replies with an OPT.
      return change.option.kind === 'local' && scan.hasOpt
    case 'cname':
      return true
    default:
      return mayMatch(change.match, scan)
  }
}

function mayMatch(match: TextMatch, { name, nameBytes }: QueryScan): boolean {
  if (match.kind === 'regex') return true
  const { text } = match
  // In wire form the text is as long, but for the length byte in front. Escapes are longer as text.
  if (text.includes('\\')) return true
  const last = nameBytes - text.length
  switch (match.kind) {
    case 'exact':
      return last === 1 && isTextAt(text, name, 1)
    case 'prefix':
      return last >= 1 && isTextAt(text, name, 1)
    case 'suffix':
      return last >= 0 && isTextAt(text, name, last)
    default:
      for (let at = 0; at <= last; at++) if (isTextAt(text, name, at)) return true
      return false
  }
}

/** True when the bytes from `at` on may be the text: a length byte for each dot, and the same letters. */
function isTextAt(text: string, name: Uint8Array, at: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const byte = name[at + i]!
    const code = text.charCodeAt(i)
    if (code === dot ? byte > maxLengthByte : byte !== code) return false
  }
  return true
}
