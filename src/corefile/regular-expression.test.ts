import fc from 'fast-check'
import { setFlagsFromString } from 'node:v8'
import t from 'tap'
import { directiveText } from '../../test/support/corefile-files.ts'
import { Directive } from './directive.ts'
import { regularExpression } from './regular-expression.ts'

/** Expressions with texts that they match and texts that they do not, as Go's `regexp.MatchString` has it. */
const cases: readonly [text: string, matches: readonly string[], others: readonly string[]][] = [
  ['', ['', 'a'], []],
  ['a', ['a', 'bab'], ['', 'A']],
  ['a|b|', ['a', 'b', 'c'], []],
  ['^(a|b)$', ['a', 'b'], ['ab', '']],
  ['^a.c$', ['abc', 'a\rc', 'a\u2028c'], ['a\nc', 'ac']],
  ['(?s)^a.c$', ['a\nc'], []],
  ['^a$', ['a'], ['a\n', 'b\na']],
  ['(?m)^a$', ['a', 'b\na\nc'], ['b\ra', 'ba']],
  ['\\Aa\\z', ['a'], ['a\n', 'ba']],
  ['(?m)\\Aa\\z', ['a'], ['b\na']],
  ['(?i)web', ['web', 'WEB', 'wEb'], ['wob']],
  ['a(?i)b|c', ['aB', 'C', 'ab'], ['AB']],
  ['(?:(?i)a)b', ['Ab', 'ab'], ['aB']],
  ['(?i:a)b', ['Ab'], ['aB']],
  ['(?i)a(?-i)b', ['Ab'], ['aB']],
  ['(?i)[a-c]', ['B'], ['d', 'D']],
  ['(?i)[^a]', ['b'], ['a', 'A']],
  ['(?i)\\x41', ['a'], ['b']],
  ['^\\d\\D\\w\\W\\s\\S$', ['1a_-\t1'], ['aaaaaa']],
  ['^\\s$', [' ', '\t', '\n', '\f', '\r'], ['\v', '\u00a0']],
  ['^\\w$', ['_', 'a', '0'], ['é', '-']],
  ['^[\\d-x]+$', ['1-x'], ['a']],
  ['^[\\W]$', ['-'], ['a']],
  ['\\bfoo\\b', ['a foo b'], ['afoo']],
  ['\\Bo', ['foo'], ['o']],
  ['^[[:alpha:]]+$', ['abC'], ['a1', '']],
  ['^[[:^alpha:]]+$', ['1-'], ['a']],
  ['^[[:alnum:]_.]+$', ['a1_.'], ['-']],
  ['^[[:punct:]]$', ['!', '~', '_'], ['a', ' ']],
  ['^[[:space:]]$', ['\v'], ['a']],
  ['^[[:xdigit:]]{2}$', ['fF', '09'], ['g0']],
  ['^[]a]$', [']', 'a'], ['b']],
  ['^[^]a]$', ['b'], [']', 'a']],
  ['^[a-]$', ['a', '-'], ['b']],
  ['^[-a]$', ['a', '-'], ['b']],
  ['^[a\\-z]$', ['a', '-', 'z'], ['b']],
  ['^[[a]$', ['[', 'a'], [']']],
  ['^[\\]\\\\^]$', [']', '\\', '^'], ['a']],
  ['^[.*+?(){}|$]$', ['.', '*', '$', '{'], ['a']],
  ['^[^a]$', ['\n', 'b'], ['a', '']],
  ['^\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\^\\$\\\\\\/\\-\\_\\ $', ['.*+?()[]{}|^$\\/-_ '], []],
  ['^\\Qa.b\\E$', ['a.b'], ['axb']],
  ['^\\Q[', ['[x'], ['x']],
  ['^\\Q(b\\E+$', ['(b', '(bbb'], ['(b(b']],
  ['^\\Q\\E$', [''], ['\\']],
  ['^\\x41\\x{42}\\103\\012\\0$', ['ABC\n\0'], []],
  ['^\\a\\f\\t\\n\\r\\v$', ['\x07\f\t\n\r\v'], []],
  ['^a{2}$', ['aa'], ['a', 'aaa']],
  ['^a{2,}$', ['aaa'], ['a']],
  ['^a{1,2}b?c*d+$', ['aad', 'abcccdd'], ['aaad', 'ab']],
  ['^a{,2}$', ['a{,2}'], ['aa']],
  ['^a{b}$', ['a{b}'], []],
  ['^{$', ['{'], []],
  ['^]}$', [']}'], []],
  ['^(?:\\b)*a$', ['a'], []],
  ['^*a$', ['a'], []],
  ['\\b+a', ['a'], []],
  ['^\\p{Lu}\\pL\\P{L}\\p{^L}$', ['Aa11'], ['aa11']],
  ['^\\p{Latin}$', ['a'], ['1']],
  ['^[\\p{Nd}x]+$', ['1x'], ['a']],
  ['^é$', ['é'], ['e']],
  ['^😀+$', ['😀😀'], ['😀a']],
  ['^((((a))))$', ['a'], []],
  [
    '^(pod|svc)\\.(?P<ns>[a-z0-9-]+)\\.cluster\\.local\\.$',
    ['pod.kube-system.cluster.local.'],
    ['x.y.'],
  ],
]

t.test('regularExpression matches as RE2 does', async t => {
  for (const [text, matches, others] of cases) {
    const expression = regularExpression.parse(text)
    if (!expression) throw new Error(`${text}: ${regularExpression.explain?.(text)}`)
    t.same(
      matches.filter(match => !expression.test(match)),
      [],
      `${text} matches`,
    )
    t.same(
      others.filter(other => expression.test(other)),
      [],
      `${text} matches no other`,
    )
    t.equal(expression.flags, '', `${text} has no flags`)
    t.equal(regularExpression.explain?.(text), undefined, `${text} needs no reason`)
  }
})

t.test("regularExpression stays within what V8's linear engine can run", async t => {
  /** V8's flag for expressions that are refused unless they run in linear time. */
  const linear = 'l'
  setFlagsFromString('--enable-experimental-regexp-engine')
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
  for (const [text] of cases) {
    // The end of a line in the midst of a text takes a lookahead, which that engine lacks.
    if (text === '(?m)^a$') continue
    t.doesNotThrow(() => new RegExp(regularExpression.parse(text)!.source, linear), text)
  }
  for (const text of ['(a+)+$', '(?i)^(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    t.notOk(regularExpression.parse(text)!.test(`${'a'.repeat(5000)}!`), `${text} ends`)
  }
})

t.test('regularExpression captures as RE2 does', async t => {
  for (const [text, subject, groups] of [
    ['(a)(?:b)(c)?', 'ab', ['ab', 'a', undefined]],
    ['(a+?)(a*)', 'aaa', ['aaa', 'a', 'aa']],
    ['(?U)(a+)(a*)', 'aaa', ['a', 'a', '']],
    ['(?U)(a+?)(a*?)', 'aaa', ['aaa', 'aaa', '']],
    ['(a{1,2}?)(a*)', 'aaa', ['aaa', 'a', 'aa']],
    ['(a|ab)(c|bcd)', 'abcd', ['abcd', 'a', 'bcd']],
  ] as const) {
    t.same([...regularExpression.parse(text)!.exec(subject)!], groups, text)
  }
  for (const text of ['(?P<name>a+)(?P<x_1>b)', '(?<name>a+)(?<x_1>b)']) {
    t.same(
      { ...regularExpression.parse(text)!.exec('xaab')!.groups },
      { name: 'aa', x_1: 'b' },
      text,
    )
  }
})

t.test('regularExpression says why it refuses', async t => {
  const sets = 'lookahead and lookbehind are not supported'
  for (const [text, reason] of [
    ['(?=a)', sets],
    ['(?!a)', sets],
    ['(?<=a)', sets],
    ['(?<!a)', sets],
    ['(a)\\1', 'back references are not supported'],
    ['\\k<a>', 'unknown escape \\k'],
    ['(?>a)', 'unknown kind of group after "(?"'],
    ['(?x)a', 'unknown kind of group after "(?"'],
    ['(?i-)a', 'unknown kind of group after "(?"'],
    ['(?P=a)', 'unknown kind of group after "(?"'],
    ['(?P<1a>b)', '"1a" cannot name a group'],
    ['(?P<>b)', '"" cannot name a group'],
    ['(?P<a>b)(?P<a>c)', 'two groups are named "a"'],
    ['(a', 'a ")" is missing'],
    ['a)', 'a ")" has no "("'],
    ['[a', 'a "]" is missing'],
    ['[]', 'a "]" is missing'],
    ['[', 'a "]" is missing'],
    ['[z-a]', 'a range is the wrong way round'],
    ['[a-\\d]', 'unknown escape \\d'],
    ['[a-', 'it ends too early'],
    ['[😀]', 'characters beyond U+FFFF are not supported in brackets'],
    ['[[:foo:]]', 'there is no class [:foo:]'],
    ['\\p{Foo}', 'there is no class \\p{Foo}'],
    ['\\p{', 'unknown escape \\p'],
    ['*a', '"*" has nothing to repeat'],
    ['a**', '"*" has nothing to repeat'],
    ['a*+', '"+" has nothing to repeat'],
    ['a++', '"+" has nothing to repeat'],
    ['(|*)', '"*" has nothing to repeat'],
    ['a{2}{3}', '"{3}" has nothing to repeat'],
    ['a{3,2}', '"{3,2}" is the wrong way round'],
    ['a{1001}', '"{1001}" repeats more than 1000 times'],
    ['(a{50}){50}', '"{50}" repeats more than 1000 times'],
    ['\\', 'it ends too early'],
    ['\\Z', 'unknown escape \\Z'],
    ['\\C', 'unknown escape \\C'],
    ['\\8', 'back references are not supported'],
    ['\\x4', 'unknown escape \\x'],
    ['\\x{110000}', '\\x{110000} is beyond \\x{FFFF}'],
    ['\\é', 'unknown escape \\é'],
    ['('.repeat(10_000), 'groups are nested too deeply'],
  ] as const) {
    t.equal(regularExpression.parse(text), undefined, text.slice(0, 40))
    t.equal(regularExpression.explain?.(text), reason, text.slice(0, 40))
  }
})

t.test('regularExpression makes an expression or a reason of any text', async () => {
  const pieces = [
    'a',
    '-',
    '^',
    '$',
    '.',
    '|',
    '(',
    ')',
    '(?',
    '(?P<x>',
    '(?i)',
    ':',
    '[',
    '[:',
    ']',
    '{',
    '}',
    '2',
    ',',
  ]
  const soup = fc.array(
    fc.constantFrom(...pieces, '\\', '\\Q', '\\p', '\\x', '*', '+', '?', '\u{1f600}', '\ud83d'),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        soup.map(parts => parts.join('')),
        fc.string(),
      ),
      text => {
        const isRead = regularExpression.parse(text) !== undefined
        const reason = regularExpression.explain?.(text)
        // JavaScript's own reason would be about an expression that the operator has not written.
        return isRead === (reason === undefined) && !reason?.startsWith('Invalid')
      },
    ),
    { numRuns: 1000 },
  )
})

t.test('the reason stands in the message', async t => {
  const directive = new Directive(directiveText('errors { \nconsolidate (a\n}'))
  t.throws(() => directive.block({ consolidate: line => line.one(regularExpression) }), {
    message:
      'Corefile:3: errors consolidate: expected a regular expression, not "(a": a ")" is missing',
  })
})
