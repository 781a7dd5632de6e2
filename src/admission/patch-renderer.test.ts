import fc from 'fast-check'
import t from 'tap'
import { PatchRenderer } from './patch-renderer.ts'
import type { PatchOperation } from './review.ts'
import { prependShared } from './shared-list.ts'

function read(patch: readonly PatchOperation[], renderer = new PatchRenderer()): unknown {
  const text = renderer.render(patch).toString('latin1')
  t.match(text, /^[A-Za-z0-9+/]*={0,2}$/, 'base64 without anything in between')
  return JSON.parse(Buffer.from(text, 'base64').toString())
}

t.test('a patch is what it is, with or without what is shared', async t => {
  const shared = [{ name: 'ä', value: '"' }]
  const cases: readonly (readonly PatchOperation[])[] = [
    [{ op: 'remove', path: '/a' }],
    [{ op: 'add', path: '/a', value: null }],
    [{ op: 'add', path: '/a', value: prependShared([], []) }],
    [{ op: 'add', path: '/a', value: prependShared(shared, []) }],
    [{ op: 'add', path: '/a', value: prependShared(shared, shared) }],
    [
      { op: 'add', path: '/a', value: prependShared(shared, []) },
      { op: 'remove', path: '/b' },
      { op: 'add', path: '/ü', value: prependShared(shared, [{ name: 'x', value: '' }]) },
      { op: 'test', path: '/c', value: 1 },
    ],
  ]
  for (const patch of cases) t.same(read(patch), JSON.parse(JSON.stringify(patch)))
})

t.test('any lists come out as they went in, the first time and later', async t => {
  const renderer = new PatchRenderer()
  const list = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 })
  fc.assert(
    fc.property(fc.array(fc.tuple(list, list), { maxLength: 3 }), lists => {
      const patch = lists.map(([shared, own]) => ({
        op: 'add' as const,
        path: '/a',
        value: prependShared(shared, own),
      }))
      for (let time = 0; time < 2; time++)
        t.strictSame(read(patch, renderer), JSON.parse(JSON.stringify(patch)))
    }),
    { numRuns: 50 },
  )
})
