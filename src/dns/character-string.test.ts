import fc from 'fast-check'
import t from 'tap'
import { parseCharacters, renderCharacters } from './character-string.ts'

const cases: readonly [text: string, hex: string | undefined][] = [
  ['', ''],
  ['ab c', '61622063'],
  ['\\"\\\\\\;', '225c3b'],
  ['\\000\\255x', '00ff78'],
  ['é', 'c3a9'],
  ['\\é', 'c3a9'],
  ['😀', 'f09f9880'],
  ['\\256', undefined],
  ['\\25', undefined],
  ['\\25x', undefined],
  ['\\', undefined],
]

t.test('parseCharacters() reads escapes and UTF-8', async t => {
  for (const [text, hex] of cases) {
    const bytes = parseCharacters(text)
    t.equal(bytes && Buffer.from(bytes).toString('hex'), hex, text)
  }
})

t.test('renderCharacters() shows printable ASCII alone', async t => {
  t.equal(renderCharacters(Buffer.from('a "b\\\n\u001b[é')), '"a \\"b\\\\\\010\\027[\\195\\169"')
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const text = renderCharacters(bytes)
      return Buffer.from(parseCharacters(text.slice(1, -1))!).equals(bytes)
    }),
  )
})
