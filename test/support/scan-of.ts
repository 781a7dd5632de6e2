import { classIn } from '../../src/dns/header.ts'
import { hashName } from '../../src/dns/name-hash.ts'
import { QueryScan } from '../../src/dns/query-scan.ts'
import { parseRrType } from '../../src/dns/rr-type.ts'
import { lowerCaseName, parseName } from '../../src/dns/wire-name.ts'
import type { NamedLink } from '../../src/plugins/chain.ts'

/** `web.example. AAAA` as the fast path has it. */
function scanOf(question: string): QueryScan {
  const [text = '', type = 'A'] = question.split(' ')
  const name = lowerCaseName(parseName(text)!)
  const scan = new QueryScan()
  scan.name.set(name)
  scan.nameBytes = name.length
  scan.nameHash = hashName(name)
  scan.type = parseRrType(type)!
  scan.class = classIn
  return scan
}

/** Whether the fast path may answer the question past this link. */
export function leavesAlone(
  { leavesClusterAnswers: leaves }: NamedLink,
  question: string,
): boolean {
  return typeof leaves === 'function' ? leaves(scanOf(question)) : leaves === true
}
