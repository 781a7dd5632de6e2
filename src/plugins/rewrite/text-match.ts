import type { Directive } from '../../corefile/directive.ts'
import { oneOf, text } from '../../corefile/text-arguments.ts'
import { readPattern } from '../read-pattern.ts'

/** Which names a rule is for. Names are text in lower case with the final dot. */
export type TextMatch =
  | { readonly kind: 'exact' | 'prefix' | 'suffix' | 'substring'; readonly text: string }
  | { readonly kind: 'regex'; readonly pattern: RegExp }

/** A match and what comes in its place; `{1}` is the first group of a regular expression. */
export interface TextRewrite {
  readonly match: TextMatch
  readonly to: string
}

export type MatchKind = TextMatch['kind']

/** The kind of match where a rule has a word for it; `exact` where it has none. */
export function readMatchKind(rule: Directive, isGiven: boolean): MatchKind {
  return isGiven ? rule.one(oneOf('exact', 'prefix', 'suffix', 'substring', 'regex')) : 'exact'
}

/** Reads the next word as what to match; `normalise` makes a name of a text that is no expression. */
export function readMatch(
  rule: Directive,
  kind: MatchKind,
  normalise: (text: string) => string = wholeName,
): TextMatch {
  return kind === 'regex'
    ? { kind, pattern: readPattern(rule) }
    : { kind, text: normalise(rule.one(text)) }
}

/** Reads the word that comes in the place of a match; its groups must be there. */
export function readReplacement(
  rule: Directive,
  match: TextMatch,
  normalise: (text: string) => string = wholeName,
): string {
  const to = normalise(rule.one(text))
  if (match.kind !== 'regex') return to
  const groupCount = new RegExp(`${match.pattern.source}|`).exec('')!.length - 1
  for (const [group, number] of to.matchAll(/\{(\d+)\}/g)) {
    if (Number(number) > groupCount) {
      throw rule.fail(`there is no group ${group} in ${match.pattern.source}`)
    }
  }
  return to
}

/** `Example.org` as `example.org.`. */
export function wholeName(text: string): string {
  const lower = text.toLowerCase()
  return lower.endsWith('.') ? lower : `${lower}.`
}

export function matches(match: TextMatch, name: string): boolean {
  switch (match.kind) {
    case 'exact':
      return name === match.text
    case 'prefix':
      return name.startsWith(match.text)
    case 'suffix':
      return name.endsWith(match.text)
    case 'substring':
      return name.includes(match.text)
    default:
      return match.pattern.test(name)
  }
}

/** The name rewritten, or `undefined` where it does not match. */
export function rewriteText({ match, to }: TextRewrite, name: string): string | undefined {
  if (match.kind === 'regex') {
    const groups = match.pattern.exec(name)
    return groups
      ? to.replace(/\{(\d+)\}/g, (all, number) =>
          Number(number) < groups.length ? (groups[Number(number)] ?? '') : all,
        )
      : undefined
  }
  if (!matches(match, name)) return undefined
  switch (match.kind) {
    case 'exact':
      return to
    case 'prefix':
      return to + name.slice(match.text.length)
    case 'suffix':
      return name.slice(0, name.length - match.text.length) + to
    default:
      return name.replaceAll(match.text, () => to)
  }
}
