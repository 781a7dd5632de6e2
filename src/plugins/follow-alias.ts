import { isFailure, Rcode } from '../dns/rcode.ts'
import type { ResourceRecord } from '../dns/resource-record.ts'
import { RrType } from '../dns/rr-type.ts'
import { lowerCaseName, type WireName } from '../dns/wire-name.ts'
import type { Answer, Query, Reply } from './handler.ts'
import { mapAnswer } from './map-answer.ts'

/** Aliases in a row that one query may lead through, those of other servers included. */
const maxHops = 10

/**
 * Goes on where an alias leads out of the cluster: asks the whole server for the target, and puts its answer behind the alias.
 * The rcode is that of the last name, RFC 6604 §3. Where nobody knows the target, the alias alone is the answer.
 */
export function followAlias(
  query: Query,
  reply: Reply,
  askServer: (query: Query) => Answer,
): Answer {
  const aliases = reply.answers ?? []
  const last = aliases.at(-1)
  if (!last || last.type !== RrType.cname || query.type === RrType.cname) return reply
  if (aliases.length > maxHops) return reply
  const target: WireName = last.rdata
  const asked = askServer({ ...query, name: lowerCaseName(target), spelling: target })
  return mapAnswer(asked, found => joined(reply, aliases, found))
}

function joined(reply: Reply, aliases: readonly ResourceRecord[], found: Reply): Reply {
  const { rcode, answers = [], authority = [], truncated, error } = found
  if (isFailure(rcode)) {
    return rcode === Rcode.refused
      ? reply
      : { ...reply, rcode: Rcode.servFail, ...(error !== undefined && { error }) }
  }
  return {
    ...reply,
    rcode,
    answers: [...aliases, ...answers],
    authority: answers.length > 0 ? [] : authority,
    ...(truncated && { truncated }),
  }
}
