import t from 'tap'
import { readSelectorTokens } from './selector-tokens.ts'

t.test('readSelectorTokens() cuts at blanks and symbols, the longest first', async t => {
  const cases: readonly [text: string, kinds: string][] = [
    ['', 'end'],
    ['  ', 'end'],
    ['a==b, c!=d', 'word == word , word != word end'],
    ['a in(b,in)', 'word word ( word , word ) end'],
    ['!a<>=b', '! word < > = word end'],
    ['===', '== = end'],
  ]
  for (const [text, kinds] of cases) {
    t.equal(
      readSelectorTokens(text)
        .map(({ kind }) => kind)
        .join(' '),
      kinds,
      text,
    )
  }
  t.strictSame(
    readSelectorTokens('in notin inn').map(({ isOperatorWord }) => isOperatorWord),
    [true, true, false, false],
  )
})
