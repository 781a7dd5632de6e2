import t from 'tap'
import { bareLabels, matchesLabels, noLabels } from './labels.ts'

t.test('matchesLabels() compares the pairs of the selector', async t => {
  for (const [name, selector, labels, expected] of [
    ['equal', { app: 'web' }, { app: 'web' }, true],
    ['more labels than asked for', { app: 'web' }, { app: 'web', tier: 'front' }, true],
    ['other value', { app: 'web' }, { app: 'db' }, false],
    ['one of two missing', { app: 'web', tier: 'front' }, { app: 'web' }, false],
    ['empty selector', {}, { app: 'web' }, true],
    ['empty value', { app: '' }, { app: '' }, true],
    ['empty value against none', { app: '' }, {}, false],
    ['key that objects inherit', { constructor: 'x' }, {}, false],
    ['key that objects inherit, present', { constructor: 'x' }, { constructor: 'x' }, true],
    ['no labels', { app: 'web' }, noLabels, false],
  ] as const) {
    t.equal(matchesLabels(selector as {}, labels as {}), expected, name)
  }
})

t.test('bareLabels() has the pairs and nothing inherited', async t => {
  const labels = bareLabels({ app: 'web' })
  t.strictSame(Object.entries(labels), [['app', 'web']])
  t.equal(labels['constructor'], undefined)
})
