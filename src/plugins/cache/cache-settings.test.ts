import t from 'tap'
import { Directive } from '../../corefile/directive.ts'
import { directiveText } from '../../../test/support/corefile-files.ts'
import { readCache } from './cache-settings.ts'

const place = { zones: ['example.'], port: 53, plugins: new Set<string>() }
const read = (text: string) => readCache(new Directive(directiveText(`cache ${text}`)), place)

const success = { capacityEntries: 100_000, maxTtlSeconds: 3600, minTtlSeconds: 5 }
const stale = {
  maxAgeMs: 3_600_000,
  mode: 'immediate',
  verifyTimeoutMs: 1800,
  ttlSeconds: 0,
  recheckMs: 0,
}

const cases: readonly [text: string, settings: object][] = [
  ['', { zones: ['example.'], success, denial: { ...success, maxTtlSeconds: 1800 } }],
  ['', { failureMs: 5000, prefetch: undefined, stale: undefined, keepsTtl: false }],
  ['30', { success: { maxTtlSeconds: 30 }, denial: { maxTtlSeconds: 30 }, zones: ['example.'] }],
  ['30 a.example 10.0.0.0/8', { zones: ['a.example.', '10.in-addr.arpa.'] }],
  ['a.example', { zones: ['a.example.'], success: { maxTtlSeconds: 3600 } }],
  [
    '{\n success 9984 30\n denial 2000 20 0\n}',
    {
      success: { ...success, capacityEntries: 9984, maxTtlSeconds: 30 },
      denial: { capacityEntries: 2000, maxTtlSeconds: 20, minTtlSeconds: 0 },
    },
  ],
  ['60 {\n success 5\n}', { success: { capacityEntries: 1024, maxTtlSeconds: 60 } }],
  ['{\n prefetch 10\n}', { prefetch: { hits: 10, windowMs: 60_000, percent: 10 } }],
  ['{\n prefetch 10 2m 25%\n}', { prefetch: { hits: 10, windowMs: 120_000, percent: 25 } }],
  ['{\n prefetch 0\n}', { prefetch: undefined }],
  ['{\n serve_stale\n}', { stale }],
  ['{\n serve_stale 0s\n}', { stale: undefined }],
  [
    '{\n serve_stale 2h immediate 30s 20s\n}',
    { stale: { ...stale, maxAgeMs: 7_200_000, ttlSeconds: 30, recheckMs: 20_000 } },
  ],
  ['{\n serve_stale 1h verify\n}', { stale: { ...stale, mode: 'verify' } }],
  [
    '{\n serve_stale 1h Verify 0 30s 5m\n serve_stale_policy prefer_positive\n}',
    {
      stale: { ...stale, mode: 'verify', verifyTimeoutMs: 0, ttlSeconds: 30, recheckMs: 300_000 },
      prefersPositive: true,
    },
  ],
  ['{\n servfail 0\n keepttl\n}', { failureMs: 0, keepsTtl: true }],
  [
    '{\n disable success\n disable denial a.example b.example\n}',
    {
      success: { ...success, disabledZones: ['.'] },
      denial: { disabledZones: ['a.example.', 'b.example.'] },
    },
  ],
]

t.test('readCache() reads every option', async t => {
  for (const [text, settings] of cases) t.match(read(text), settings, text)
})

const faults: readonly [text: string, message: string][] = [
  ['0', 'cache: expected a number of seconds above 0, not "0"'],
  ['-1', 'cache: expected a number of seconds above 0, not "-1"'],
  ['{\n success\n}', 'cache success: expected a whole number at the end of the line'],
  ['{\n success 10 0\n}', 'expected a number of seconds above 0, not "0"'],
  ['{\n denial 10 10 -1\n}', 'expected a number of seconds like 30, not "-1"'],
  ['{\n prefetch\n}', 'expected a whole number'],
  ['{\n prefetch 1 1m 9%\n}', 'expected a percentage from 10% to 90%, not "9%"'],
  ['{\n prefetch 1 1m 91%\n}', 'not "91%"'],
  ['{\n prefetch 1 1m 20\n}', 'not "20"'],
  ['{\n serve_stale -1s\n}', 'expected a duration'],
  ['{\n serve_stale 1h later\n}', 'expected one of immediate, verify'],
  ['{\n serve_stale 1h immediate 1500ms\n}', 'expected a duration of whole seconds'],
  ['{\n serve_stale 1h immediate 1s 6m\n}', 'expected a duration of at most 5m'],
  ['{\n serve_stale 1h immediate 1s 1s 1s\n}', 'too many arguments'],
  ['{\n serve_stale_policy prefer_positive\n}', 'serve_stale_policy requires serve_stale'],
  [
    '{\n serve_stale\n serve_stale_policy prefer_positive\n serve_stale_policy prefer_positive\n}',
    'may stand only once',
  ],
  ['{\n servfail 6m\n}', 'expected a duration of at most 5m'],
  ['{\n disable\n}', 'expected one of success, denial'],
  ['{\n keepttl yes\n}', 'too many arguments'],
  ['{\n size 5\n}', 'size is not a property of cache: known are denial, disable, keepttl'],
]

t.test('readCache() says what is wrong', async t => {
  for (const [text, expected] of faults) {
    let message = 'nothing'
    try {
      read(text)
    } catch (error) {
      message = (error as Error).message
    }
    t.ok(message.includes(expected), `${text}: ${message}`)
  }
})
