import { type CharRanges, complementOf, perlClasses, unicodeClass } from './regexp-classes.ts'
import type { Re2Scanner } from './re2-scanner.ts'

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** `\d`, `\pL`, `\p{^Greek}`, within brackets or outside; `undefined` when something else comes. */
export function takeClassEscape(scanner: Re2Scanner): CharRanges | undefined {
  const perl = scanner.match(/\\([dDsSwW])/)
  if (perl) return perlClasses.get(perl[1]!)
  const unicode = scanner.match(/\\([pP])(?:\{(\^?)([^}]*)\}|([A-Z]))/)
  if (!unicode) return undefined
  const [text, letter, caret = '', name = '', short] = unicode
  const ranges = unicodeClass(short ?? name)
  if (!ranges) throw new SyntaxError(`there is no class ${text}`)
  return (letter === 'P') === (caret === '^') ? ranges : complementOf(ranges)
}

/** The character that an escape stands for, as a code unit. The backslash comes next. */
export function takeCharEscape(scanner: Re2Scanner): number {
  const number = scanner.match(
    /\\(?:x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2}))/,
  )
  if (number) {
    const [text, long, short, octal] = number
    const code = octal ? Number.parseInt(octal, 8) : Number.parseInt((long ?? short)!, 16)
    if (code > 0xffff) throw new SyntaxError(`${text} is beyond \\x{FFFF}`)
    return code
  }
  if (scanner.match(/\\[1-9]/)) throw new SyntaxError('back references are not supported')
  scanner.take('\\')
  const char = scanner.takeOne()
  const control = Object.hasOwn(controls, char) ? controls[char] : undefined
  if (control !== undefined) return control
  if (/[^\x21-\x7e ]|[A-Za-z0-9]/.test(char)) throw new SyntaxError(`unknown escape \\${char}`)
  return char.charCodeAt(0)
}
