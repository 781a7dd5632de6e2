import t from 'tap'
import { concatBytes } from './concat-bytes.ts'

t.test('concatBytes() puts arrays behind one another', async t => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]
  t.strictSame(concatBytes(parts), Uint8Array.of(1, 2, 3))
  t.equal(concatBytes([]).length, 0)
})
