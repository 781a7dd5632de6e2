import { Rcode } from '../../dns/rcode.ts'
import { lowerCaseName, parseName, renderName } from '../../dns/wire-name.ts'
import { classIn } from '../../dns/header.ts'
import type { EdnsOption } from '../../dns/edns.ts'
import type { Answer, Handler, Query, Reply } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import type { Plugin } from '../plugin.ts'
import { mayApply } from './cluster-gate.ts'
import { readRewrite } from './read-rewrite.ts'
import { recordsRewrite, type ReplyRewrite, replyRewritesOf, respell } from './reply-rewrites.ts'
import { rewriteCname } from './rewrite-cname.ts'
import { rewriteEdns } from './rewrite-edns.ts'
import type { NameChange, RewriteRule } from './rewrite-rule.ts'
import { matches, rewriteText } from './text-match.ts'

/** Changes questions on their way in and replies on their way out. The client sees its own question. */
export const rewrite: Plugin<RewriteRule> = {
  name: 'rewrite',
  isRepeatable: true,
  read: readRewrite,
  serve: (rules, { askServer }) => {
    const localCodes = new Set(
      rules.flatMap(({ change }) =>
        change.field === 'edns0' && change.option.kind === 'local' ? [change.option.code] : [],
      ),
    )
    const handle: Handler = (query, next) => {
      const rewriting = new Rewriting(query, askServer)
      for (const rule of rules) {
        if (!rewriting.apply(rule)) continue
        if (rewriting.error !== undefined) {
          return { rcode: Rcode.servFail, authoritative: false, error: rewriting.error }
        }
        if (rule.mode === 'stop') break
      }
      return rewriting.finish(next(rewriting.query), localCodes)
    }
    return {
      handle,
      leavesClusterAnswers: scan => {
        for (let i = 0; i < rules.length; i++) if (mayApply(rules[i]!, scan)) return false
        return true
      },
      ...(rules.some(({ change }) => change.field === 'class' && change.from !== classIn) && {
        takesOtherClasses: true,
      }),
    }
  },
}

/** One query on its way through the rules. */
class Rewriting {
  query: Query
  error: string | undefined
  readonly #asked: Query
  readonly #askServer: (query: Query) => Answer
  readonly #rewrites: ReplyRewrite[] = []
  readonly #reverts: ((options: readonly EdnsOption[]) => readonly EdnsOption[])[] = []

  constructor(query: Query, askServer: (query: Query) => Answer) {
    this.query = query
    this.#asked = query
    this.#askServer = askServer
  }

  /** True when the rule was for this query. */
  apply({ change }: RewriteRule): boolean {
    const { query } = this
    switch (change.field) {
      case 'name':
        return this.#rename(change)
      case 'type':
        if (query.type !== change.from) return false
        this.query = { ...query, type: change.to }
        return true
      case 'class':
        if (query.class !== change.from) return false
        this.query = { ...query, class: change.to }
        return true
      case 'ttl': {
        const { match, minSeconds, maxSeconds } = change
        if (!matches(match, renderName(query.name))) return false
        const clamp = (seconds: number): number =>
          Math.min(Math.max(seconds, minSeconds), maxSeconds)
        this.#rewrites.push(
          recordsRewrite(record => ({ ...record, ttlSeconds: clamp(record.ttlSeconds) })),
        )
        return true
      }
      case 'rcode': {
        const { match, from, to } = change
        if (!matches(match, renderName(query.name))) return false
        this.#rewrites.push(reply => (reply.rcode === from ? { ...reply, rcode: to } : reply))
        return true
      }
      case 'cname':
        this.#rewrites.push(reply => rewriteCname(change, this.query, this.#askServer)(reply))
        return true
      default: {
        const result = rewriteEdns(change, query)
        if (!result) return false
        this.query = result.query
        if (result.revert) this.#reverts.push(result.revert)
        return true
      }
    }
  }

  /** The answer as the client gets it: the rules in reverse order. */
  finish(answer: Answer, localCodes: ReadonlySet<number>): Answer {
    const rewrites = this.#rewrites.toReversed()
    if (this.query.name !== this.#asked.name) rewrites.push(respell(this.#asked))
    if (localCodes.size > 0) rewrites.push(reply => this.#withOptions(reply, localCodes))
    return rewrites.reduce(mapAnswer, answer)
  }

  #rename(change: NameChange): boolean {
    const before = renderName(this.query.name)
    const after = rewriteText(change, before)
    if (after === undefined) return false
    const spelling = after === '' ? undefined : parseName(after)
    if (!spelling) {
      this.error = `invalid name after rewrite: ${after}`
      return true
    }
    const name = lowerCaseName(spelling)
    this.query = { ...this.query, name, spelling }
    this.#rewrites.push(...replyRewritesOf(change, before, renderName(name)))
    return true
  }

  /** Local options come back to the client that sent them, or that a rule sent them for. */
  #withOptions(reply: Reply, localCodes: ReadonlySet<number>): Reply {
    const sent = this.#reverts
      .toReversed()
      .reduce((now, revert) => revert(now), this.query.edns?.options ?? [])
    const local = sent.filter(({ code }) => localCodes.has(code))
    const others = (reply.options ?? []).filter(({ code }) => !local.some(one => one.code === code))
    return local.length > 0 ? { ...reply, options: [...others, ...local] } : reply
  }
}
