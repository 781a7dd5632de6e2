import t from 'tap'
import { CorefileError } from './corefile-error.ts'
import { readTokens } from './tokens.ts'

/** Tokens as `line:text`, with `+` before those that continue a line. */
const cases: readonly [name: string, text: string, tokens: readonly string[]][] = [
  ['nothing', '', []],
  ['white space only', ' \t\r\n\f\v\n', []],
  ['words and lines', 'a b\nc', ['1:a', '+1:b', '2:c']],
  ['white space of every kind', 'a\tb\u00a0c\u3000d', ['1:a', '+1:b', '+1:c', '+1:d']],
  ['byte order mark', '\ufeffa', ['1:a']],
  ['byte order mark elsewhere is a character', 'a \ufeff', ['1:a', '+1:\ufeff']],
  ['CRLF', 'a b\r\nc\r\n', ['1:a', '+1:b', '2:c']],
  ['a carriage return alone separates nothing', 'a\rb', ['1:ab']],
  ['comment', '# a b\nc # d\n', ['2:c']],
  ['comment at the end of the text', 'a #', ['1:a']],
  ['comment within a word', 'a#b c\nd', ['1:a', '2:d']],
  ['no comment in quotes', '"a # b"', ['1:a # b']],
  ['quotes', '"a b" c', ['1:a b', '+1:c']],
  ['empty quotes', 'a "" b', ['1:a', '+1:', '+1:b']],
  ['a word ends with its quotes', '"a"b', ['1:a', '+1:b']],
  ['quotes within a word are characters', 'a"b c"', ['1:a"b', '+1:c"']],
  ['escaped quotes', '"a \\"b\\" c"', ['1:a "b" c']],
  ['other escapes stay', '"a\\.b\\\\c\\n"', ['1:a\\.b\\\\c\\n']],
  ['an escaped backslash ends no escape', '"a\\\\" b', ['1:a\\\\', '+1:b']],
  ['three backslashes and quotes', '"\\\\\\"" b', ['1:\\\\"', '+1:b']],
  ['no escape outside of quotes', 'a\\ b', ['1:a\\', '+1:b']],
  ['a backslash continues no line', 'a \\\nb', ['1:a', '+1:\\', '2:b']],
  ['lines in quotes', 'a "b\r\nc" d\ne', ['1:a', '+1:b\r\nc', '+2:d', '3:e']],
  ['braces are words', 'a{ {b {c} } {', ['1:a{', '+1:{b', '+1:{c}', '+1:}', '+1:{']],
]

t.test('readTokens() reads as the Caddyfile lexer does', async t => {
  for (const [name, text, tokens] of cases) {
    t.same(
      readTokens(text, 'Corefile').map(
        ({ text, line, startsLine }) => `${startsLine ? '' : '+'}${line}:${text}`,
      ),
      tokens,
      name,
    )
  }
})

t.test('readTokens() says what was in quotes', async t => {
  t.same(
    readTokens('{ "{" "import" import', 'Corefile').map(({ quoted }) => quoted),
    [false, true, true, false],
  )
})

t.test('readTokens() wants quotes closed', async t => {
  for (const text of ['a\n"b\nc', 'a\n"', 'a\n"b\\"', 'a\n"b\\']) {
    t.throws(
      () => readTokens(text, 'Corefile'),
      new CorefileError({ file: 'Corefile', line: 2 }, 'the quotes are not closed'),
      JSON.stringify(text),
    )
  }
})
