import t from 'tap'
import { readTimeout } from './admission-deadline.ts'

for (const [text, timeoutMs] of [
  ['2s', 2000],
  ['1m', 30_000],
  ['250ms', 250],
  ['0s', 10_000],
  ['-1s', 10_000],
  ['2', 10_000],
  ['soon', 10_000],
  [undefined, 10_000],
  [['1s', '2s'], 10_000],
] as const) {
  t.equal(readTimeout(text), timeoutMs, JSON.stringify(text) ?? 'nothing')
}
