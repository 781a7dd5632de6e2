import t from 'tap'
import { parseRrType, renderRrType } from './rr-type.ts'

t.test('parseRrType() reads mnemonics and numbers', async t => {
  const cases: readonly [text: string, type: number | undefined][] = [
    ['A', 1],
    ['srv', 33],
    ['TYPE65', 65],
    ['type1000', 1000],
    ['TYPE65535', 65_535],
    ['TYPE65536', undefined],
    ['TYPE', undefined],
    ['TYPE123456', undefined],
    ['BOGUS', undefined],
    ['', undefined],
  ]
  for (const [text, type] of cases) t.equal(parseRrType(text), type, text)
})

t.test('renderRrType() writes what parseRrType() reads', async t => {
  t.equal(renderRrType(65), 'HTTPS')
  t.equal(renderRrType(1000), 'TYPE1000')
  for (let type = 0; type < 300; type++) t.equal(parseRrType(renderRrType(type)), type)
})
