import t from 'tap'
import { parseRetryAfter } from './retry-after.ts'

t.test('parseRetryAfter() reads seconds and dates', async t => {
  const nowMs = Date.UTC(2026, 10, 21, 7, 28, 0)
  const cases: readonly [text: string | undefined, waitMs: number | undefined][] = [
    [undefined, undefined],
    ['0', 0],
    ['120', 120_000],
    ['Sat, 21 Nov 2026 07:28:10 GMT', 10_000],
    ['Sat, 21 Nov 2026 07:27:00 GMT', 0],
    ['', undefined],
    ['soon', undefined],
    ['99999999999999999999', undefined],
  ]
  for (const [text, waitMs] of cases) t.equal(parseRetryAfter(text, nowMs), waitMs, text ?? 'none')
})
