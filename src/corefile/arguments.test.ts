/** Every kind of argument but regular expressions. */
import t from 'tap'
import { formatCidr } from '../lib/cidr.ts'
import { cidr, hostPort } from './address-arguments.ts'
import type { Argument } from './argument.ts'
import { durationMs, durationOrSecondsMs } from './duration-arguments.ts'
import { count, countBetween, float, integerSeconds, percentage } from './number-arguments.ts'
import { oneOf, text } from './text-arguments.ts'
import { zoneName, zoneNames } from './zone-arguments.ts'

function mapped<T, U>(argument: Argument<T>, map: (value: T) => U): Argument<U> {
  const parse = (word: string): U | undefined => {
    const value = argument.parse(word)
    return value === undefined ? undefined : map(value)
  }
  return { expected: argument.expected, parse }
}

const cases: readonly [
  argument: Argument<unknown>,
  expected: string,
  accepted: Readonly<Record<string, unknown>>,
  refused: readonly string[],
][] = [
  [text, 'a word', { '': '', 'a b': 'a b' }, []],
  [oneOf('a', 'Bc'), 'one of a, Bc', { a: 'a', A: 'a', bc: 'Bc' }, ['', 'b', 'a ']],
  [oneOf('a'), '"a"', { a: 'a' }, ['b']],
  [
    count,
    'a whole number',
    { '0': 0, '30': 30, '030': 30, '+5': 5, '9007199254740991': 9007199254740991 },
    ['', '-1', '1.5', '1e3', '0x10', 'a', ' 1', '9007199254740992', '+'],
  ],
  [integerSeconds, 'a number of seconds like 30', { '30': 30 }, ['30s', '-1']],
  [
    countBetween(512, 4096),
    'a whole number from 512 to 4096',
    { '512': 512, '4096': 4096 },
    ['511', '4097', 'x'],
  ],
  [
    percentage,
    'a percentage like 10%',
    { '10%': 10, '0%': 0, '100%': 100 },
    ['10', '%', '101%', '-1%', '1.5%', '10%%'],
  ],
  [
    float,
    'a number like 0.5',
    { '20': 20, '0.5': 0.5, '.5': 0.5, '5.': 5, '1e3': 1000, '1E-1': 0.1 },
    ['', '.', '-1', 'NaN', 'Infinity', '1e999', '0x1', '1_0'],
  ],
  [
    durationMs,
    'a duration like 30s',
    { '30s': 30_000, '1h30m': 5_400_000, '0': 0 },
    ['30', '-1s', 'x', ''],
  ],
  [
    durationOrSecondsMs,
    'a duration like 30s',
    { '30s': 30_000, '30': 30_000, '0': 0 },
    ['-1', '-1s', 'x', ''],
  ],
  [zoneName, 'a domain name like example.org', { 'A.b': 'a.b.', '.': '.' }, ['', '10.0.0.0/8']],
  [
    zoneNames,
    'a zone like example.org or a network like 10.0.0.0/24',
    { 'A.b': ['a.b.'], '10.0.0.0/7': ['10.in-addr.arpa.', '11.in-addr.arpa.'] },
    ['', '10.0.0.0/40'],
  ],
  [
    mapped(cidr, formatCidr),
    'a network like 10.0.0.0/8',
    {
      '10.0.0.0/8': '10.0.0.0/8',
      '10.1.2.3/8': '10.0.0.0/8',
      '10.0.0.1': '10.0.0.1/32',
      '::1': '::1/128',
      'fd00::1/64': 'fd00::/64',
    },
    ['', '10.0.0.0/33', '10.0.0/8', 'a/8', '10.0.0.0/', '10.0.0.0/-1'],
  ],
  [
    hostPort(8080),
    'an address like :8080 or 127.0.0.1:8080',
    {
      ':9153': { host: '', port: 9153 },
      ':0': { host: '', port: 0 },
      'localhost:9153': { host: 'localhost', port: 9153 },
      '127.0.0.1:1': { host: '127.0.0.1', port: 1 },
      '[::1]:65535': { host: '::1', port: 65_535 },
      localhost: { host: 'localhost', port: 8080 },
      '127.0.0.1': { host: '127.0.0.1', port: 8080 },
      '::1': { host: '::1', port: 8080 },
      '[::1]': { host: '::1', port: 8080 },
    },
    ['', ':', ':65536', 'a:b', 'a:', '[::1', '[127.0.0.1]:1', '[a]:1', '1:2:3', 'a b:1', '*:1'],
  ],
]

for (const [argument, expected, accepted, refused] of cases) {
  t.test(expected, async t => {
    t.equal(argument.expected, expected)
    for (const [word, value] of Object.entries(accepted)) t.same(argument.parse(word), value, word)
    for (const word of refused) t.equal(argument.parse(word), undefined, JSON.stringify(word))
  })
}
