import t from 'tap'
import { isFailure, parseRcode, Rcode, renderRcode } from './rcode.ts'

const cases: readonly [text: string, rcode: number | undefined, rendered?: string][] = [
  ['NOERROR', 0],
  ['formerr', 1, 'FORMERR'],
  ['SERVFAIL', 2],
  ['NXDOMAIN', 3],
  ['NOTIMP', 4],
  ['Refused', 5, 'REFUSED'],
  ['NOTAUTH', 9],
  ['BADVERS', 16],
  ['BADCOOKIE', 23],
  ['RCODE23', 23, 'BADCOOKIE'],
  ['RCODE12', 12],
  ['rcode4095', 4095, 'RCODE4095'],
  ['RCODE4096', undefined],
  ['RCODE', undefined],
  ['RCODE-1', undefined],
  ['3', undefined],
  ['', undefined],
]

t.test('parseRcode() reads names and numbers, renderRcode() writes the name', async t => {
  for (const [text, rcode, rendered = text] of cases) {
    t.equal(parseRcode(text), rcode, text)
    if (rcode !== undefined) t.equal(renderRcode(rcode), rendered, text)
  }
})

t.test('isFailure() tells what says nothing about the name', async t => {
  const cases: readonly [rcode: number, isFailed: boolean][] = [
    [Rcode.noError, false],
    [Rcode.nxDomain, false],
    [Rcode.servFail, true],
    [Rcode.refused, true],
  ]
  for (const [rcode, isFailed] of cases) t.equal(isFailure(rcode), isFailed, renderRcode(rcode))
})
