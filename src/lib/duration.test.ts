import fc from 'fast-check'
import t from 'tap'
import { parseDuration, renderDuration } from './duration.ts'

/** As Go 1.26 reads and writes them. */
const durations: readonly [text: string, ms: number, rendered: string][] = [
  ['0', 0, '0s'],
  ['-0', 0, '0s'],
  ['0s', 0, '0s'],
  ['5s', 5000, '5s'],
  ['+5s', 5000, '5s'],
  ['-5s', -5000, '-5s'],
  ['100ms', 100, '100ms'],
  ['1h30m', 5_400_000, '1h30m0s'],
  ['90m', 5_400_000, '1h30m0s'],
  ['1m30.5s', 90_500, '1m30.5s'],
  ['1.5h', 5_400_000, '1h30m0s'],
  ['.5s', 500, '500ms'],
  ['5.s', 5000, '5s'],
  ['1s1s', 2000, '2s'],
  ['10ms1h', 3_600_010, '1h0m0.01s'],
  ['3us', 0.003, '3µs'],
  ['3µs', 0.003, '3µs'],
  ['3μs', 0.003, '3µs'],
  ['1500ns', 0.0015, '1.5µs'],
  ['7ns', 0.000007, '7ns'],
  ['1.1s', 1100, '1.1s'],
  ['0.3s', 300, '300ms'],
  ['48h', 172_800_000, '48h0m0s'],
]

t.test('parseDuration() and renderDuration() agree with Go', async t => {
  for (const [text, ms, rendered] of durations) {
    t.equal(parseDuration(text), ms, text)
    t.equal(renderDuration(ms), rendered, text)
  }
})

t.test('parseDuration() refuses what Go refuses', async t => {
  for (const text of [
    '',
    '30',
    '-',
    '+',
    's',
    '.s',
    '.',
    '1d',
    '5 s',
    ' 5s',
    '5S',
    '5s3',
    '1e3s',
    '--5s',
    '5s-3s',
    '1,5s',
    '3000000h',
  ]) {
    t.equal(parseDuration(text), undefined, JSON.stringify(text))
  }
})

t.test('parseDuration() reads what renderDuration() writes', async () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), ns => {
      const durationMs = ns / 1e6
      return parseDuration(renderDuration(durationMs)) === durationMs + 0
    }),
  )
})
