import {
  type CharRanges,
  complementOf,
  foldCase,
  posixClasses,
  renderClass,
  unionOf,
} from './regexp-classes.ts'
import { takeCharEscape, takeClassEscape } from './re2-escape.ts'
import type { Re2Scanner } from './re2-scanner.ts'

/** Translates `[^a-z[:digit:]\s]`, of which the first bracket is read. */
export function translateBrackets(
  scanner: Re2Scanner,
  { ignoreCase }: { ignoreCase: boolean },
): string {
  const isNegated = scanner.take('^')
  const ranges: CharRanges[number][] = []
  do {
    if (scanner.isAtEnd) throw new SyntaxError('a "]" is missing')
    const set = takePosixClass(scanner) ?? takeClassEscape(scanner)
    if (set) ranges.push(...set)
    else ranges.push(takeRange(scanner))
  } while (!scanner.take(']'))
  const folded = ignoreCase ? foldCase(unionOf(ranges)) : unionOf(ranges)
  return renderClass(isNegated ? complementOf(folded) : folded)
}

function takePosixClass(scanner: Re2Scanner): CharRanges | undefined {
  const match = scanner.match(/\[:(\^?)(\w*):\]/)
  if (!match) return undefined
  const ranges = posixClasses.get(match[2]!)
  if (!ranges) throw new SyntaxError(`there is no class ${match[0]}`)
  return match[1] === '^' ? complementOf(ranges) : ranges
}

/** `a-z`, or a character alone. A hyphen that has nothing to its right is itself. */
function takeRange(scanner: Re2Scanner): CharRanges[number] {
  const low = takeChar(scanner)
  if (!scanner.startsWith('-') || scanner.startsWith('-]')) return [low, low]
  scanner.take('-')
  const high = takeChar(scanner)
  if (high < low) throw new SyntaxError('a range is the wrong way round')
  return [low, high]
}

function takeChar(scanner: Re2Scanner): number {
  if (scanner.next === '\\') return takeCharEscape(scanner)
  const code = scanner.takeOne().charCodeAt(0)
  if (code >= 0xd800 && code <= 0xdfff) {
    throw new SyntaxError('characters beyond U+FFFF are not supported in brackets')
  }
  return code
}
