import t from 'tap'
import { backOffMs } from './back-off.ts'

t.test('backOffMs() doubles up to the longest wait', async t => {
  const options = { firstMs: 100, maxMs: 5000 }
  const cases: readonly [attempt: number, waitMs: number][] = [
    [1, 100],
    [2, 200],
    [6, 3200],
    [7, 5000],
    [100_000, 5000],
  ]
  for (const [attempt, waitMs] of cases) t.equal(backOffMs(attempt, options), waitMs, `${attempt}`)
})
