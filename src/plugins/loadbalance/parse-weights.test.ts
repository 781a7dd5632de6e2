import t from 'tap'
import { parseWeights } from './parse-weights.ts'

const good = `
# comment
www.Example.com
  192.0.2.1   3
2001:DB8::1 255

example.org.
192.0.2.1 1
www.example.com
192.0.2.2 2
`

t.test('parseWeights() reads names and the weights of their addresses', async t => {
  t.same(
    parseWeights(good),
    new Map([
      [
        'www.example.com.',
        new Map([
          ['192.0.2.1', 3],
          ['2001:db8::1', 255],
          ['192.0.2.2', 2],
        ]),
      ],
      ['example.org.', new Map([['192.0.2.1', 1]])],
    ]),
  )
})

const faults: readonly [text: string, error: string][] = [
  ['192.0.2.1 1', 'line 1: the name that 192.0.2.1 is of is missing'],
  ['a\n192.0.2.1', 'line 2: the weight of 192.0.2.1 is missing'],
  ['a\nb 1', 'line 2: "b" is not an address'],
  ['a..b', 'line 1: "a..b" is not a name'],
  ['a\n192.0.2.1 0', 'line 2: "0" is not a weight from 1 to 255'],
  ['a\n192.0.2.1 256', 'line 2: "256" is not a weight from 1 to 255'],
  ['a\n192.0.2.1 x', 'line 2: "x" is not a weight from 1 to 255'],
  ['a 192.0.2.1 1', 'line 1: expected a name, or an address and its weight'],
]

t.test('parseWeights() says what is wrong in which line', async t => {
  for (const [text, error] of faults) t.same(parseWeights(text), { error }, text)
})
