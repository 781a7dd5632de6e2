import t from 'tap'
import { defaultTiming } from './reflector-timing.ts'
import { RetryPolicy, type RetrySituation } from './retry-policy.ts'
import type { WatchErrorCode } from './watch-error.ts'

/** `synced` and `watched` stand between failures. */
type Step = WatchErrorCode | 'synced' | 'watched'

interface PolicyCase extends Partial<RetrySituation> {
  readonly steps: readonly Step[]
  /** After the last step: the wait, and `CAUSE FRESHNESS` or `pages`. */
  readonly follows: readonly [delayMs: number, what?: string]
}

const times = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step)

const cases: readonly PolicyCase[] = [
  // Waits, with the whole of the random part and without.
  { steps: ['network'], follows: [250] },
  { steps: ['network'], chance: 0, follows: [125] },
  { steps: times(4, 'network'), follows: [2000] },
  { steps: times(40, 'network'), follows: [5000] },
  { steps: [...times(9, 'network'), 'watched', 'network'], follows: [250] },
  { steps: [...times(9, 'network'), 'synced', 'network'], follows: [250] },
  { steps: ['throttled'], retryAfterMs: 5000, chance: 0, follows: [5000] },
  { steps: ['throttled'], retryAfterMs: 5000, follows: [6250] },
  { steps: ['throttled'], retryAfterMs: 3_600_000, chance: 0, follows: [60_000] },
  { steps: times(40, 'throttled'), retryAfterMs: 1000, follows: [5000] },
  // The history is gone: a list at least as new as what is known, then the newest.
  { steps: ['gone'], follows: [250, 'gone last'] },
  { steps: ['gone', 'gone'], follows: [500, 'gone fresh'] },
  { steps: ['gone', 'watched', 'gone'], follows: [250, 'gone last'] },
  // A list that is complete does not show that the next watch will get anywhere.
  { steps: ['gone', 'synced', 'gone', 'synced', 'gone'], follows: [1000, 'gone fresh'] },
  { steps: [...times(9, 'network'), 'gone'], follows: [250, 'gone last'] },
  { steps: [...times(9, 'network'), 'behind'], follows: [250, 'behind fresh'] },
  { steps: ['behind', 'synced', 'behind'], follows: [500, 'behind fresh'] },
  { steps: ['behind'], follows: [250, 'behind fresh'] },
  { steps: ['ahead', 'ahead'], follows: [500] },
  { steps: ['ahead', 'ahead', 'ahead'], follows: [1000, 'ahead fresh'] },
  { steps: [...times(4, 'ahead')], follows: [2000] },
  { steps: ['ahead', 'ahead', 'synced', 'ahead'], follows: [250] },
  // What may be the fault of what we ask.
  ...(['server', 'protocol', 'internal', 'missing', 'unsupported'] as const).flatMap(code => [
    { steps: times(4, code), follows: [2000] } as const,
    { steps: times(5, code), follows: [4000, 'stuck fresh'] } as const,
    { steps: times(6, code), follows: [5000] } as const,
    { steps: [...times(4, code), 'watched' as const, code], follows: [250] } as const,
  ]),
  // What is not: what is known stays true.
  ...(
    [
      'throttled',
      'unauthorized',
      'forbidden',
      'brief',
      'silent',
      'network',
      'tls',
      'credentials',
    ] as const
  ).map(code => ({ steps: times(20, code), follows: [5000] }) as const),
  // Streamed lists.
  { steps: ['unsupported'], doing: 'streaming a list', follows: [100, 'pages'] },
  { steps: ['silent'], doing: 'streaming a list', follows: [100, 'pages'] },
  { steps: ['server'], doing: 'streaming a list', follows: [250] },
  { steps: ['server', 'server'], doing: 'streaming a list', follows: [100, 'pages'] },
  { steps: ['server', 'network', 'server'], doing: 'streaming a list', follows: [100, 'pages'] },
  { steps: ['server', 'synced', 'server'], doing: 'streaming a list', follows: [250] },
  { steps: times(9, 'throttled'), doing: 'streaming a list', follows: [5000] },
  { steps: ['silent'], doing: 'listing pages', follows: [250] },
  { steps: ['network'], doing: 'streaming a list', follows: [250] },
  // At the start a list that may be old is better than none.
  { steps: times(2, 'network'), hasSynced: false, follows: [500] },
  { steps: times(3, 'network'), hasSynced: false, follows: [1000, 'start cached'] },
  { steps: times(5, 'server'), hasSynced: false, follows: [4000, 'start cached'] },
  { steps: ['gone'], hasSynced: false, follows: [250] },
]

t.test('RetryPolicy says what follows from failures in a row, and when', async t => {
  for (const { steps, follows, ...given } of cases) {
    const policy = new RetryPolicy(defaultTiming)
    const situation: RetrySituation = {
      doing: 'watching',
      hasSynced: true,
      retryAfterMs: undefined,
      chance: 1,
      ...given,
    }
    let found: readonly unknown[] = []
    for (const step of steps) {
      if (step === 'synced') policy.synced()
      else if (step === 'watched') policy.watched()
      else {
        const { delayMs, relist, inPages } = policy.failed(step, situation)
        const what = relist ? `${relist.cause} ${relist.freshness}` : inPages && 'pages'
        found = what === undefined ? [delayMs] : [delayMs, what]
      }
    }
    t.same(found, follows, `${steps.length} × … ${steps.at(-1)} ${JSON.stringify(given)}`)
  }
})

t.test('RetryPolicy.ended() spreads what ended in order', async t => {
  const policy = new RetryPolicy(defaultTiming)
  t.same([policy.ended(0), policy.ended(0.5)], [0, 50])
})
