import { RrType } from '../../dns/rr-type.ts'
import { lowerCaseName, parseName, renderName } from '../../dns/wire-name.ts'
import type { Answer, Query, Reply } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import { rewriteText, type TextRewrite } from './text-match.ts'

/**
 * Leads an alias of the reply elsewhere: what comes behind it is what the server answers for the new target. CoreDNS does the
 * same, with aliases alone kept in front.
 */
export function rewriteCname(
  rewrite: TextRewrite,
  query: Query,
  askServer: (query: Query) => Answer,
): (reply: Reply) => Answer {
  return reply => {
    const answers = reply.answers ?? []
    for (const [position, record] of answers.entries()) {
      if (record.type !== RrType.cname) continue
      const text = rewriteText(rewrite, renderName(record.rdata).toLowerCase())
      const target = text === undefined ? undefined : parseName(text)
      if (!target) continue
      const aliases = answers.slice(0, position).filter(({ type }) => type === RrType.cname)
      const finish = (found: Reply): Reply => ({
        ...reply,
        answers: [...aliases, { ...record, rdata: target }, ...(found.answers ?? [])],
        truncated: found.truncated ?? false,
      })
      const asked = askServer({ ...query, name: lowerCaseName(target), spelling: target })
      return mapAnswer(asked, finish)
    }
    return reply
  }
}
