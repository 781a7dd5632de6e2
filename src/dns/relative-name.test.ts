import t from 'tap'
import { parseRelativeName } from './relative-name.ts'
import { parseName, renderName } from './wire-name.ts'

const cases: readonly [text: string, name: string | undefined][] = [
  ['@', 'example.org.'],
  ['web', 'web.example.org.'],
  ['a.B', 'a.B.example.org.'],
  ['web.', 'web.'],
  ['.', '.'],
  ['*', '*.example.org.'],
  ['\\@', '\\@.example.org.'],
  ['a\\.', 'a\\..example.org.'],
  ['a\\\\.', 'a\\\\.'],
  ['a\\\\\\.', 'a\\\\\\..example.org.'],
  ['\\.', '\\..example.org.'],
  ['', undefined],
  ['a..b', undefined],
  ['a'.repeat(64), undefined],
]

t.test('parseRelativeName() puts names below the origin', async t => {
  const origin = parseName('example.org')!
  for (const [text, wanted] of cases) {
    const name = parseRelativeName(text, origin)
    t.equal(name && renderName(name), wanted, text)
  }
  t.equal(parseRelativeName(`${'a.'.repeat(120)}a`, origin)?.length, 255)
  t.equal(parseRelativeName(`${'a.'.repeat(121)}a`, origin), undefined)
  t.equal(renderName(parseRelativeName('web', parseName('.')!)!), 'web.')
})
