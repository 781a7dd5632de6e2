import type { Directive } from '../../corefile/directive.ts'
import { oneOf } from '../../corefile/text-arguments.ts'
import { readPattern } from '../read-pattern.ts'
import type { AnswerRewrite, NameChange } from './rewrite-rule.ts'
import {
  readMatch,
  readMatchKind,
  readReplacement,
  type TextMatch,
  wholeName,
} from './text-match.ts'

/** Reads `[KIND] FROM TO [answer auto|name FROM TO|value FROM TO]…`. */
export function readNameChange(rule: Directive, count: number): NameChange {
  const kind = readMatchKind(rule, count > 2)
  const match = readMatch(rule, kind)
  const to = readReplacement(rule, match)
  const answers: AnswerRewrite[] = []
  let isAuto = false
  for (let isFirst = true; rule.peek() !== undefined; isFirst = false) {
    if (isFirst || rule.peek()?.toLowerCase() === 'answer') rule.one(oneOf('answer'))
    const part = rule.one(oneOf('auto', 'name', 'value'))
    // CoreDNS's own documentation writes `answer name auto`.
    if (part === 'auto' || (part === 'name' && isAutoNext(rule))) isAuto = true
    else answers.push({ part, ...readAnswerRewrite(rule) })
  }
  if (isAuto && answers.some(({ part }) => part === 'name')) {
    throw rule.fail('answer auto and answer name cannot both be given')
  }
  return { field: 'name', match, to, mapsBack: isAuto || kind === 'exact', answers }
}

function isAutoNext(rule: Directive): boolean {
  if (rule.peek()?.toLowerCase() !== 'auto') return false
  rule.one(oneOf('auto'))
  return true
}

function readAnswerRewrite(rule: Directive): { readonly match: TextMatch; readonly to: string } {
  const match: TextMatch = { kind: 'regex', pattern: readPattern(rule) }
  return { match, to: readReplacement(rule, match, wholeName) }
}
