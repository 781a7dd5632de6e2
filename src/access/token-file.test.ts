import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { TokenFile } from './token-file.ts'

const [old, renewed] = ['aGVhZA.b2xk.c2lnbmF0dXJl', 'aGVhZA.bmV3.c2lnbmF0dXJl']

/** What the file holds at a second reading, after `first`; `undefined` when it is away. */
const cases = [
  { name: 'replaced', first: old, second: renewed, reads: renewed },
  { name: 'white space around it', first: old, second: ` ${renewed}\n`, reads: renewed },
  { name: 'away', first: old, second: undefined, reads: old },
  { name: 'empty', first: old, second: '', reads: old },
  { name: 'nothing but white space', first: old, second: '\n', reads: old },
  { name: 'cut off in the claims', first: old, second: 'aGVhZA.bm', reads: old },
  { name: 'cut off before the signature', first: old, second: 'aGVhZA.bmV3.', reads: old },
  { name: 'of another form', first: old, second: 'opaque', reads: old },
  {
    name: 'of another form, after 401',
    first: old,
    second: 'opaque',
    last: 'refused',
    reads: 'opaque',
  },
  { name: 'empty, after 401', first: old, second: '', last: 'refused', reads: old },
  { name: 'never a web token', first: 'one', second: 'two', reads: 'two' },
] as const

t.test('TokenFile.read() keeps the last good token while the file is replaced', async t => {
  for (const [index, { name, first, second, reads, ...rest }] of cases.entries()) {
    const path = join(t.testdirName, String(index))
    t.testdir({ [index]: first })
    const file = new TokenFile(path)
    t.equal(await file.read(), first, name)
    if (second === undefined) rmSync(path)
    else writeFileSync(path, second)
    t.equal(await file.read('last' in rest ? rest.last : undefined), reads, name)
  }
})

t.test('TokenFile.read() rejects where there has been no token', async t => {
  const path = join(t.testdir({ empty: '' }), 'empty')
  await t.rejects(new TokenFile(path).read(), {
    message: `expected a token in "${path}", which is empty`,
  })
  await t.rejects(new TokenFile(`${path}.none`).read(), { code: 'ENOENT' })
})
