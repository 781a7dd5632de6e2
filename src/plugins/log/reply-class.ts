import { Rcode } from '../../dns/rcode.ts'
import { isTransferType, RrType } from '../../dns/rr-type.ts'
import type { Reply } from '../handler.ts'

/** What a reply amounts to: the name or type does not exist is a denial, whatever else is no answer an error. */
export type ReplyClass = 'success' | 'denial' | 'error'

/** CoreDNS's names for kinds of replies, as `{/log/type}` shows them. */
export type ReplyKind =
  | 'NOERROR'
  | 'NXDOMAIN'
  | 'SERVERERROR'
  | 'NODATA'
  | 'DELEGATION'
  | 'META'
  | 'OTHERERROR'

export function replyKind(type: number, reply: Reply): ReplyKind {
  const { rcode, answers = [], authority = [] } = reply
  if (isTransferType(type)) return 'META'
  const hasAuthority = (wanted: number): boolean => authority.some(({ type }) => type === wanted)
  switch (rcode) {
    case Rcode.noError:
      if (answers.length > 0) return 'NOERROR'
      if (hasAuthority(RrType.soa)) return 'NODATA'
      return hasAuthority(RrType.ns) ? 'DELEGATION' : 'NOERROR'
    case Rcode.nxDomain:
      // An alias that leads to no name: CoreDNS calls that an error, and alerts count on it.
      return answers.length > 0 ? 'OTHERERROR' : 'NXDOMAIN'
    case Rcode.servFail:
    case Rcode.notImp:
      return 'SERVERERROR'
    default:
      return 'OTHERERROR'
  }
}

export function replyClass(kind: ReplyKind): ReplyClass {
  if (kind === 'NOERROR' || kind === 'DELEGATION') return 'success'
  return kind === 'NXDOMAIN' || kind === 'NODATA' ? 'denial' : 'error'
}
