import t from 'tap'
import { parseName } from '../../dns/wire-name.ts'
import type { Outcome, Question } from './outcome.ts'
import { UpstreamSearch } from './upstream-search.ts'

const question: Question = {
  name: parseName('web.example')!,
  type: 1,
  class: 1,
  recursionDesired: true,
  checkingDisabled: false,
}

type SearchOptions = ConstructorParameters<typeof UpstreamSearch>[1]
type Askable = SearchOptions['upstreams'][number]
type Step = number | 'timeout' | 'unreachable' | 'hangs' | 'throws'

/** An upstream that does one thing after the other: rcodes are replies. */
function upstream(steps: readonly Step[], isDown = false): Askable & { asked: number[] } {
  const asked: number[] = []
  return {
    health: { isDown },
    latencyMs: undefined,
    asked,
    async ask(_question, { timeoutMs }): Promise<Outcome> {
      const step = steps[asked.length]!
      asked.push(timeoutMs)
      if (step === 'throws') throw new TypeError('no such thing')
      if (step === 'hangs') return new Promise(() => {})
      if (typeof step !== 'number') return { kind: step, text: `${step} ${asked.length}` }
      const reply = { rcode: step, id: asked.length } as Extract<
        Outcome,
        { kind: 'reply' }
      >['reply']
      return { kind: 'reply', reply }
    },
  }
}

interface Case {
  readonly what: string
  readonly upstreams: readonly (Askable & { asked: number[] })[]
  readonly options?: Partial<SearchOptions>
  readonly rcode?: number
  readonly error?: string
  /** The time for each try, for each upstream. */
  readonly asked: readonly (readonly number[])[]
}

const cases: readonly Case[] = [
  {
    what: 'the first answers',
    upstreams: [upstream([0]), upstream([0])],
    rcode: 0,
    asked: [[1500], []],
  },
  {
    what: 'the first is silent',
    upstreams: [upstream(['timeout']), upstream([3])],
    rcode: 3,
    asked: [[1500], [2000]],
  },
  {
    what: 'one alone gets a second try',
    upstreams: [upstream(['timeout', 0])],
    rcode: 0,
    asked: [[1500, 2000]],
  },
  {
    what: 'and no third one',
    upstreams: [upstream(['timeout', 'timeout'])],
    error: 'timeout 2',
    asked: [[1500, 2000]],
  },
  {
    what: 'at most three tries at one server',
    upstreams: [upstream(['unreachable', 'unreachable', 'unreachable'])],
    options: { maxAttempts: 0 },
    error: 'unreachable 3',
    asked: [[1500, 2000, 2000]],
  },
  {
    what: 'read_timeout',
    upstreams: [upstream(['timeout']), upstream([0])],
    options: { readTimeoutMs: 100 },
    rcode: 0,
    asked: [[100], [100]],
  },
  {
    what: 'what is down is passed by',
    upstreams: [upstream([0], true), upstream([0])],
    rcode: 0,
    asked: [[], [1500]],
  },
  {
    what: 'all are down',
    upstreams: [upstream([0], true), upstream([0], true)],
    rcode: 0,
    asked: [[], [1500]],
  },
  {
    what: 'all are down and failfast',
    upstreams: [upstream([0], true)],
    options: { failfast: true },
    error: 'no healthy proxies',
    asked: [[]],
  },
  { what: 'there is none', upstreams: [], error: 'no healthy proxies', asked: [] },
  {
    what: 'failover takes the next one',
    upstreams: [upstream([2]), upstream([0])],
    options: { failoverRcodes: [2] },
    rcode: 0,
    asked: [[1500], [2000]],
  },
  {
    what: 'failover ends with the reply of the last',
    upstreams: [upstream([2]), upstream([5])],
    options: { failoverRcodes: [2, 5] },
    rcode: 5,
    asked: [[1500], [2000]],
  },
  {
    what: 'failover keeps a reply for when the others have none',
    upstreams: [upstream([2, 'timeout']), upstream(['timeout', 'timeout'])],
    options: { failoverRcodes: [2] },
    rcode: 2,
    asked: [
      [1500, 2000],
      [2000, 2000],
    ],
  },
  {
    what: 'a slow one has company',
    upstreams: [upstream(['hangs']), upstream([0])],
    options: { isHedged: true },
    rcode: 0,
    asked: [[1500], [2000]],
  },
  {
    what: 'an upstream that throws has no answer',
    upstreams: [upstream(['throws']), upstream([0])],
    rcode: 0,
    asked: [[1500], [2000]],
  },
]

for (const { what, upstreams, options, ...expected } of cases) {
  t.test(`UpstreamSearch: ${what}`, async t => {
    let allDown = 0
    const found = await new UpstreamSearch(question, {
      upstreams,
      isHedged: false,
      failoverRcodes: [],
      maxAttempts: 2 * upstreams.length,
      failfast: false,
      readTimeoutMs: undefined,
      nowMs: () => 0,
      onAllDown: () => allDown++,
      random: below => below - 1,
      ...options,
    }).run()
    if ('reply' in found) t.equal(found.reply.rcode, expected.rcode)
    else t.equal(found.error, expected.error)
    t.strictSame(
      upstreams.map(({ asked }) => asked),
      expected.asked,
    )
    t.equal(allDown > 0, upstreams.length > 0 && upstreams.every(({ health }) => health.isDown))
  })
}

t.test('UpstreamSearch ends in 3.9 s', async t => {
  let nowMs = 0
  const slow = [1, 2, 3].map(() => {
    const one = upstream(['timeout', 'timeout'])
    return {
      ...one,
      ask: async (...args: Parameters<Askable['ask']>): Promise<Outcome> => {
        nowMs += args[1].timeoutMs
        return one.ask(...args)
      },
    }
  })
  await new UpstreamSearch(question, {
    upstreams: slow,
    isHedged: false,
    failoverRcodes: [],
    maxAttempts: 0,
    failfast: false,
    readTimeoutMs: undefined,
    nowMs: () => nowMs,
    onAllDown: () => {},
    random: () => 0,
  }).run()
  t.strictSame(
    slow.map(({ asked }) => asked),
    [[1500], [2000], [400]],
  )
})
