import type { Argument } from '../../corefile/argument.ts'
import type { Word } from '../../corefile/corefile.ts'
import { Directive } from '../../corefile/directive.ts'
import { rrClass, rrType } from '../../corefile/record-arguments.ts'
import { oneOf, text } from '../../corefile/text-arguments.ts'
import { parseRcode } from '../../dns/rcode.ts'
import { readEdnsChange } from './read-edns-change.ts'
import { readNameChange } from './read-name-change.ts'
import type { RewriteChange, RewriteRule } from './rewrite-rule.ts'
import { readMatch, readMatchKind, readReplacement } from './text-match.ts'

/** As CoreDNS has it here, numbers included. */
const rcode: Argument<number> = {
  expected: 'an rcode like NXDOMAIN, or its number from 0 to 23',
  parse(word) {
    if (/^\d+$/.test(word)) return Number(word) <= 23 ? Number(word) : undefined
    return word.toUpperCase() === 'BADSIG' ? 16 : parseRcode(word)
  },
}

const maxTtlSeconds = 0xffff_ffff

const ttlRange: Argument<{ readonly minSeconds: number; readonly maxSeconds: number }> = {
  expected: 'seconds like 30, 30-60, 30- or -60',
  parse(word) {
    const [, low = '', dash, high = ''] = /^(\d*)(-?)(\d*)$/.exec(word) ?? []
    if (low === '' && high === '') return undefined
    const minSeconds = Number(low)
    const open = high === '' ? 0x7fff_ffff : Number(high)
    const maxSeconds = dash === '' ? minSeconds : open
    return minSeconds <= maxSeconds && maxSeconds <= maxTtlSeconds
      ? { minSeconds, maxSeconds }
      : undefined
  },
}

/** Reads `rewrite [continue|stop] FIELD …`, on one line or in a block. */
export function readRewrite(directive: Directive): RewriteRule {
  const words = wordsOf(directive)
  const rule = new Directive({
    name: directive.name,
    words,
    lines: undefined,
    file: directive.file,
    line: directive.line,
  })
  const isModeGiven = /^(?:continue|stop)$/i.test(rule.peek() ?? '')
  const mode = isModeGiven ? rule.one(oneOf('continue', 'stop')) : 'stop'
  const count = words.length - (isModeGiven ? 2 : 1)
  const change = readChange(rule, count)
  rule.end()
  return { mode, change }
}

/** A rule of less than two words goes on in its block, whose line breaks mean nothing. */
function wordsOf(directive: Directive): Word[] {
  const { file, line } = directive
  const words = directive.rest(text).map((word): Word => ({ text: word, file, line }))
  if (words.length > 1) {
    directive.end()
    return words
  }
  directive.block({}, own => {
    const place = { file: own.file, line: own.line }
    for (const word of [own.name, ...own.rest(text)]) words.push({ text: word, ...place })
  })
  return words
}

/** Reads what follows the field; `count` words are left behind it. */
function readChange(rule: Directive, count: number): RewriteChange {
  const field = rule.one(oneOf('name', 'type', 'class', 'ttl', 'rcode', 'cname', 'edns0'))
  switch (field) {
    case 'name':
      return readNameChange(rule, count)
    case 'edns0':
      return readEdnsChange(rule)
    case 'type':
      return { field, from: rule.one(rrType), to: rule.one(rrType) }
    case 'class':
      return { field, from: rule.one(rrClass), to: rule.one(rrClass) }
    case 'ttl': {
      const match = readMatch(rule, readMatchKind(rule, count > 2))
      return { field, match, ...rule.one(ttlRange) }
    }
    case 'rcode': {
      const match = readMatch(rule, readMatchKind(rule, count > 3))
      return { field, match, from: rule.one(rcode), to: rule.one(rcode) }
    }
    default: {
      const kind = readMatchKind(rule, count > 2)
      // Parts of a target are taken as they are: `prefix web` is for `webmail.` too.
      const normalise = kind === 'exact' ? undefined : (word: string): string => word.toLowerCase()
      const match = readMatch(rule, kind, normalise)
      return { field, match, to: readReplacement(rule, match, normalise) }
    }
  }
}
