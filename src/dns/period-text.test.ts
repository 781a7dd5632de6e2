import t from 'tap'
import { parsePeriodSeconds } from './period-text.ts'

const cases: readonly [text: string, seconds: number | undefined][] = [
  ['0', 0],
  ['3600', 3600],
  ['2147483647', 2_147_483_647],
  ['2147483648', undefined],
  ['30s', 30],
  ['5m', 300],
  ['1h30m', 5400],
  ['1D', 86_400],
  ['1w2d3h4m5s', 788_645],
  ['4000w', undefined],
  ['1h30', undefined],
  ['h', undefined],
  ['1y', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['', undefined],
]

t.test('parsePeriodSeconds() reads seconds, with units or without', async t => {
  for (const [text, seconds] of cases) t.equal(parsePeriodSeconds(text), seconds, text)
})
