import t from 'tap'
import { readZoneEntries } from './zone-tokens.ts'

/** Entries as `line:token|token`, with `_` for a blank before, and texts in quotes between `<` and `>`. */
const cases: readonly [text: string, entries: readonly string[] | string][] = [
  ['', []],
  ['\n \n\t; c\n', []],
  ['a A 1', ['1:a|A|1']],
  ['a A 1\r\nb\tA  2 ; c\r\n', ['1:a|A|1', '2:b|A|2']],
  [' A 1', ['1:_A|1']],
  ['\tA 1', ['1:_A|1']],
  ['\n\n a', ['3:_a']],
  ['a;b', ['1:a']],
  ['a "b c;(" d', ['1:a|<b c;(>|d']],
  ['a""b', ['1:a|<>|b']],
  ['a "b\\"c\\\\"', ['1:a|<b\\"c\\\\>']],
  ['a\\;b\\ c\\(', ['1:a\\;b\\ c\\(']],
  ['a SOA ( 1 ; one\n 2\n\n3 ) 4\nb', ['1:a|SOA|1|2|3|4', '5:b']],
  ['(a\n b)\n c', ['1:a|b', '3:_c']],
  ['a(b)c', ['1:a|b|c']],
  ['a "b', '1: a quote is not closed on its line'],
  ['a\n"b\nc"', '2: a quote is not closed on its line'],
  ['a (\n(', '2: a parenthesis within parentheses'],
  ['a )', '1: a parenthesis is closed that is not open'],
  ['a\nb (\n\n', '2: a parenthesis is not closed'],
  ['a \\\nb', '1: a backslash at the end of a line'],
  ['a\\', '1: a backslash at the end of a line'],
]

t.test('readZoneEntries() takes zone files apart', async t => {
  for (const [text, wanted] of cases) {
    const found = readZoneEntries(text)
    const shown =
      'error' in found
        ? `${found.line}: ${found.error}`
        : found.map(({ line, startsBlank, tokens }) => {
            const words = tokens.map(({ text, isQuoted }) => (isQuoted ? `<${text}>` : text))
            return `${line}:${startsBlank ? '_' : ''}${words.join('|')}`
          })
    t.same(shown, wanted, JSON.stringify(text))
  }
})

t.test('readZoneEntries() takes long texts in one step a character', async t => {
  const long = `a ${'\\x'.repeat(100_000)} "${'\\x'.repeat(100_000)}\n`
  t.match(readZoneEntries(long), { line: 1 })
})
