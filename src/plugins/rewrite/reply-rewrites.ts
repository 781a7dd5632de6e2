import type { ResourceRecord } from '../../dns/resource-record.ts'
import { isSameName, parseName, renderName, type WireName } from '../../dns/wire-name.ts'
import type { Answer, Query, Reply } from '../handler.ts'
import { valueOf, withValue } from './record-value.ts'
import type { NameChange } from './rewrite-rule.ts'
import { rewriteText, type TextRewrite } from './text-match.ts'

/** What a rule does to the reply. */
export type ReplyRewrite = (reply: Reply) => Answer

type TextChange = (name: string) => string | undefined

/** What a name rule does to the reply, after it has made `after` of the question `before`. Both are text in lower case. */
export function replyRewritesOf(change: NameChange, before: string, after: string): ReplyRewrite[] {
  const rewrites: ReplyRewrite[] = []
  if (change.mapsBack) {
    const back = mapBack(change, before, after)
    rewrites.push(ownersRewrite(back), valuesRewrite(back))
  }
  for (const { part, match, to } of change.answers) {
    const rewrite: TextChange = name => rewriteText({ match, to }, name)
    rewrites.push(part === 'name' ? ownersRewrite(rewrite) : valuesRewrite(rewrite))
  }
  return rewrites
}

/** Every record of the reply, changed. */
export function recordsRewrite(
  rewrite: (record: ResourceRecord) => ResourceRecord,
): (reply: Reply) => Reply {
  return reply => {
    const { answers, authority, additional } = reply
    return {
      ...reply,
      ...(answers && { answers: answers.map(rewrite) }),
      ...(authority && { authority: authority.map(rewrite) }),
      ...(additional && { additional: additional.map(rewrite) }),
    }
  }
}

/** Owners that are the question's name are spelled as the client has. */
export function respell({ name, spelling }: Query): (reply: Reply) => Reply {
  return recordsRewrite(record =>
    isSameName(record.name, name) ? { ...record, name: spelling } : record,
  )
}

/** A suffix is exchanged for the one it came from; otherwise the name that was asked, and names below it, are. */
function mapBack({ match, to }: TextRewrite, before: string, after: string): TextChange {
  if (match.kind === 'suffix') {
    const reverse: TextRewrite = { match: { kind: 'suffix', text: to }, to: match.text }
    return name => rewriteText(reverse, name)
  }
  return name => {
    if (name === after) return before
    return name.endsWith(`.${after}`) ? name.slice(0, -after.length) + before : undefined
  }
}

function ownersRewrite(rewrite: TextChange): ReplyRewrite {
  return recordsRewrite(record => {
    const name = rewrittenName(record.name, rewrite)
    return name ? { ...record, name } : record
  })
}

function valuesRewrite(rewrite: TextChange): ReplyRewrite {
  return recordsRewrite(record => {
    const value = valueOf(record)
    const changed = value && rewrittenName(value, rewrite)
    return changed ? withValue(record, changed) : record
  })
}

/** `undefined` where nothing changes, or would change to what is no name. */
function rewrittenName(name: WireName, rewrite: TextChange): WireName | undefined {
  const text = rewrite(renderName(name).toLowerCase())
  return text === undefined ? undefined : parseName(text)
}
