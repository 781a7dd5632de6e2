import fc from 'fast-check'
import t from 'tap'
import { parseFiles } from '../../test/support/corefile-files.ts'
import { CorefileError } from './corefile-error.ts'

const pieces = [
  '.',
  'a',
  ':53',
  '10.0.0.0/9',
  'tls://',
  '{',
  '}',
  '{',
  '}',
  '\n',
  '\n',
  '\n',
  ' ',
  ' ',
  ' ',
  ',',
  '"',
  '\\',
  '#',
  '(x)',
  'import ',
  'import x\n',
  'import a\n',
  'import b\n',
  'import *\n',
  '{$X}',
  '{%X%}',
  '{%',
  '\r',
  '\ufeff',
  '\u2028',
]
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map(parts => parts.join(''))
const anyText = fc.oneof(soup, fc.string({ unit: 'binary' }), fc.string())

t.test('parseCorefile() throws nothing but CorefileError, whatever the text', async () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (text, a, b) => {
      try {
        parseFiles({ Corefile: text, a, b }, { X: b })
      } catch (error) {
        if (!(error instanceof CorefileError)) throw error
        if (!/^(?:Corefile|a|b):[1-9]\d*: ./.test(error.message)) throw error
      }
    }),
    { numRuns: 1000 },
  )
})

t.test('parseCorefile() takes time in proportion to the text', async t => {
  const times = 30_000
  for (const [name, text] of [
    ['words', 'a '.repeat(times)],
    ['lines', `. {\n${'a b\n'.repeat(times)}}`],
    ['open braces', `. {\n${'{ '.repeat(times)}`],
    ['open blocks', 'a {\n'.repeat(times)],
    ['commas', `${'a,'.repeat(times)}b {\n}`],
    ['quotes', '"'.repeat(times)],
    ['backslashes', `"${'\\'.repeat(times)}`],
    ['comments', '#'.repeat(times)],
    ['carriage returns', '\r'.repeat(times)],
    ['variables that do not end', `. {\na ${'{$'.repeat(times)} ${'{%'.repeat(times)}\n}`],
    ['variables without a name', `. {\na ${'{$}{%%}'.repeat(times)}\n}`],
    ['variables that are not set', `. {\n${'a {$X}\n'.repeat(times)}}`],
    ['snippets', Array.from({ length: times }, (_, i) => `(s${i}) {\n}\n`).join('')],
    ['imports', `(x) {\n}\n. {\n${'import x\n'.repeat(times)}}`],
    ['globs', `. {\n${'import *x\n'.repeat(times)}}`],
    ['open groups of a network', `${'1.'.repeat(times)}/8`],
    ['a long name', 'a'.repeat(times)],
  ] as const) {
    const before = performance.now()
    try {
      parseFiles({ Corefile: text })
    } catch (error) {
      if (!(error instanceof CorefileError)) throw error
    }
    t.ok(performance.now() - before < 2000, name)
  }
})
