import type { QueryScan, ScanVerdict } from '../dns/query-scan.ts'
import { Rcode } from '../dns/rcode.ts'
import { writeError } from '../dns/reply-writer.ts'

/** The rcode and the form of the reply to a message that is no query to us. */
const errorReplies: Readonly<
  Record<Exclude<ScanVerdict, 'query' | 'drop'>, { rcode: number; withQuestion: boolean }>
> = {
  formErr: { rcode: Rcode.formErr, withQuestion: false },
  notImp: { rcode: Rcode.notImp, withQuestion: false },
  badVers: { rcode: Rcode.badVers, withQuestion: true },
  notAuth: { rcode: Rcode.notAuth, withQuestion: true },
}

/** Writes the reply to a message that the scanner did not take for a query, and returns its length. */
export function writeVerdict(
  verdict: keyof typeof errorReplies,
  { message, scan }: { readonly message: Uint8Array; readonly scan: QueryScan },
  reply: Uint8Array,
): number {
  const { rcode, withQuestion } = errorReplies[verdict]
  return writeError(message, reply, withQuestion ? { rcode, scan } : { rcode })
}
