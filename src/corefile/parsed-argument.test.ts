import t from 'tap'
import { directiveText } from '../../test/support/corefile-files.ts'
import { Directive } from './directive.ts'
import { parsedArgument } from './parsed-argument.ts'

class OddError extends Error {}

const even = parsedArgument({
  expected: 'an even number',
  parse(text) {
    if (text === 'fault') throw new TypeError('a fault of ours')
    if (Number(text) % 2 === 1) throw new OddError('it is odd')
    return Number(text)
  },
  refusal: OddError,
})

t.test('parsedArgument() gives the value, or the reason of the parser', async t => {
  t.equal(even.parse('4'), 4)
  t.equal(even.explain?.('4'), undefined)
  t.equal(even.parse('3'), undefined)
  t.equal(even.explain?.('3'), 'it is odd')
})

t.test('parsedArgument() makes a CorefileError with place and reason', async t => {
  const directive = new Directive(directiveText('count 3'))
  t.throws(() => directive.one(even), {
    message: 'Corefile:2: count: expected an even number, not "3": it is odd',
  })
})

t.test('parsedArgument() hides no faults of the program', async t => {
  t.throws(() => even.parse('fault'), TypeError)
  t.throws(() => even.explain?.('fault'), TypeError)
})
