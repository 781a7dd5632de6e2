import t from 'tap'
import { isTransferType, parseRrType, renderRrType, RrType } from './rr-type.ts'

const cases: readonly [text: string, type: number | undefined, rendered?: string][] = [
  ['A', 1],
  ['srv', 33, 'SRV'],
  ['Naptr', 35, 'NAPTR'],
  ['KX', 36],
  ['DNAME', 39],
  ['SVCB', 64],
  ['TYPE65', 65, 'HTTPS'],
  ['SPF', 99],
  ['type1000', 1000, 'TYPE1000'],
  ['TYPE65535', 65_535],
  ['TYPE65536', undefined],
  ['TYPE', undefined],
  ['1', undefined],
  ['', undefined],
]

t.test('parseRrType() reads mnemonics and numbers, renderRrType() writes the mnemonic', async t => {
  for (const [text, type, rendered = text] of cases) {
    t.equal(parseRrType(text), type, text)
    if (type !== undefined) t.equal(renderRrType(type), rendered, text)
  }
})

t.test('isTransferType() tells questions for whole zones', async t => {
  const transfers = Object.values(RrType).filter(isTransferType)
  t.strictSame(transfers, [RrType.ixfr, RrType.axfr])
})
