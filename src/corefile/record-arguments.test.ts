import t from 'tap'
import type { Argument } from './argument.ts'
import { rcode, rrClass, rrType } from './record-arguments.ts'

const cases: readonly [
  argument: Argument<number>,
  expected: string,
  accepted: Readonly<Record<string, number>>,
  refused: readonly string[],
][] = [
  [rrType, 'a record type like AAAA', { A: 1, srv: 33, TYPE65: 65 }, ['', 'B', '1']],
  [
    rrClass,
    'one of the classes IN, CS, CH, HS, NONE, ANY',
    { IN: 1, ch: 3, Any: 255 },
    ['', 'XX', '1', 'toString'],
  ],
  [rcode, 'an rcode like NXDOMAIN', { NXDOMAIN: 3, servfail: 2, RCODE23: 23 }, ['', '3', 'NO']],
]

for (const [argument, expected, accepted, refused] of cases) {
  t.test(expected, async t => {
    t.equal(argument.expected, expected)
    for (const [word, value] of Object.entries(accepted)) t.equal(argument.parse(word), value, word)
    for (const word of refused) t.equal(argument.parse(word), undefined, JSON.stringify(word))
  })
}
