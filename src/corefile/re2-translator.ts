import { translateBrackets } from './re2-brackets.ts'
import { takeCharEscape, takeClassEscape } from './re2-escape.ts'
import { Re2Scanner } from './re2-scanner.ts'
import { type CharRanges, foldCase, renderClass } from './regexp-classes.ts'

/** `i`, `s`, `m` and `U` as RE2 has them. */
interface Flags {
  readonly ignoreCase: boolean
  readonly dotAll: boolean
  readonly multiLine: boolean
  readonly ungreedy: boolean
}

/** What a quantifier applies to. */
interface Atom {
  readonly source: string
  /** Matches a place, not a character: JavaScript wants a group around it before a quantifier. */
  readonly isAssertion: boolean
  /** How often the most repeated part of it is counted out: `(a{3}){5}` is 15. */
  readonly repeat: number
}

const flagOfLetter: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  s: 'dotAll',
  m: 'multiLine',
  U: 'ungreedy',
}
const assertions: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  b: String.raw`\b`,
  B: String.raw`\B`,
}

/** As in RE2. */
const MAX_REPEAT = 1000
const MAX_DEPTH = 200

/** Translates one expression. Throws SyntaxError with the reason. */
export class Re2Translator {
  readonly #scanner: Re2Scanner
  readonly #names = new Set<string>()
  #depth = 0

  constructor(text: string) {
    this.#scanner = new Re2Scanner(text)
  }

  translate(): string {
    const none = { ignoreCase: false, dotAll: false, multiLine: false, ungreedy: false }
    const { source } = this.#body(none)
    if (!this.#scanner.isAtEnd) throw new SyntaxError('a ")" has no "("')
    return source
  }

  /** Everything up to the end of the group or of the text. Flags set on the way end with it. */
  #body(initialFlags: Flags): Atom {
    let flags = initialFlags
    let source = ''
    let repeat = 1
    /** The last atom, to which a quantifier may apply; none at the start and after a quantifier. */
    let atom: Atom | undefined
    const flush = (): void => {
      source += atom?.source ?? ''
      repeat = Math.max(repeat, atom?.repeat ?? 1)
      atom = undefined
    }
    while (!this.#scanner.isAtEnd && this.#scanner.next !== ')') {
      const quantified = this.#quantify(atom, flags)
      if (quantified) {
        atom = quantified
        flush()
        continue
      }
      flush()
      const newFlags = this.#takeFlags(flags)
      if (newFlags) flags = newFlags
      else if (this.#scanner.take('|')) source += '|'
      else if (this.#scanner.take('\\Q')) {
        for (const char of this.#scanner.takeUntil('\\E')) {
          flush()
          atom = { source: literal(char, flags), isAssertion: false, repeat: 1 }
        }
      } else atom = this.#atom(flags)
    }
    flush()
    return { source, isAssertion: false, repeat }
  }

  #quantify(atom: Atom | undefined, flags: Flags): Atom | undefined {
    const match = this.#scanner.match(/[*+?]|\{(\d+)(,(\d*))?\}/)
    if (!match) return undefined
    const [text, minText, comma, maxText] = match
    if (!atom) throw new SyntaxError(`"${text}" has nothing to repeat`)
    const min = Number(minText ?? 0)
    const max = comma === undefined || maxText === '' ? min : Number(maxText)
    const repeat = atom.repeat * Math.max(max, 1)
    if (max < min) throw new SyntaxError(`"${text}" is the wrong way round`)
    if (repeat > MAX_REPEAT)
      throw new SyntaxError(`"${text}" repeats more than ${MAX_REPEAT} times`)
    const isLazy = this.#scanner.take('?') !== flags.ungreedy
    const source = atom.isAssertion ? `(?:${atom.source})` : atom.source
    return { source: source + text + (isLazy ? '?' : ''), isAssertion: false, repeat }
  }

  /** `(?i)` and the like, which hold for the rest of the group. */
  #takeFlags(flags: Flags): Flags | undefined {
    const match = this.#scanner.match(/\(\?([imsU]*)(?:-([imsU]+))?\)/)
    return match && withFlags(flags, match)
  }

  #atom(flags: Flags): Atom {
    const scanner = this.#scanner
    if (scanner.take('(')) return this.#group(flags)
    if (scanner.take('^')) return assertion(flags.multiLine ? String.raw`(?<![^\n])` : '^')
    if (scanner.take('$')) return assertion(flags.multiLine ? String.raw`(?![^\n])` : '$')
    const escaped = scanner.match(/\\([AzbB])/)
    if (escaped) return assertion(assertions[escaped[1]!]!)
    return { source: this.#charSource(flags), isAssertion: false, repeat: 1 }
  }

  /** What matches one character. */
  #charSource(flags: Flags): string {
    const scanner = this.#scanner
    if (scanner.take('.')) return flags.dotAll ? '[^]' : String.raw`[^\n]`
    if (scanner.take('[')) return translateBrackets(scanner, flags)
    if (scanner.next !== '\\') {
      const pair = scanner.match(/[\ud800-\udbff][\udc00-\udfff]/)
      return literal(pair?.[0] ?? scanner.takeOne(), flags)
    }
    const ranges = takeClassEscape(scanner)
    if (ranges) return classSource(ranges, flags)
    const code = takeCharEscape(scanner)
    return classSource([[code, code]], flags)
  }

  #group(flags: Flags): Atom {
    const { opening, inner } = this.#groupOpening(flags)
    if (++this.#depth > MAX_DEPTH) throw new SyntaxError('groups are nested too deeply')
    const { source, repeat } = this.#body(inner)
    this.#depth--
    if (!this.#scanner.take(')')) throw new SyntaxError('a ")" is missing')
    return { source: `${opening}${source})`, isAssertion: false, repeat }
  }

  #groupOpening(flags: Flags): { opening: string; inner: Flags } {
    const scanner = this.#scanner
    if (!scanner.startsWith('?')) return { opening: '(', inner: flags }
    if (scanner.match(/\?<?[=!]/)) {
      throw new SyntaxError('lookahead and lookbehind are not supported')
    }
    const named = scanner.match(/\?P?<([^>]*)>/)
    if (named) return { opening: this.#named(named[1]!), inner: flags }
    const flagged = scanner.match(/\?([imsU]*)(?:-([imsU]+))?:/)
    if (flagged) return { opening: '(?:', inner: withFlags(flags, flagged) }
    throw new SyntaxError('unknown kind of group after "(?"')
  }

  #named(name: string): string {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new SyntaxError(`"${name}" cannot name a group`)
    if (this.#names.has(name)) throw new SyntaxError(`two groups are named "${name}"`)
    this.#names.add(name)
    return `(?<${name}>`
  }
}

function withFlags(flags: Flags, [, set = '', cleared = '']: RegExpExecArray): Flags {
  const changed = { ...flags }
  for (const letter of set) changed[flagOfLetter[letter]!] = true
  for (const letter of cleared) changed[flagOfLetter[letter]!] = false
  return changed
}

function assertion(source: string): Atom {
  return { source, isAssertion: true, repeat: 1 }
}

/** A character as itself; a surrogate pair is grouped, so that a quantifier takes both halves. */
function literal(char: string, flags: Flags): string {
  const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i))
  const sources = units.map(code => classSource([[code, code]], flags))
  return sources.length === 1 ? sources[0]! : `(?:${sources.join('')})`
}

function classSource(ranges: CharRanges, { ignoreCase }: Flags): string {
  return renderClass(ignoreCase ? foldCase(ranges) : ranges)
}
