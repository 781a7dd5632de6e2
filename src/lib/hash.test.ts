import t from 'tap'
import { hashText } from './hash.ts'

t.test('hashText() never changes: addresses depend on it', async t => {
  for (const [text, hash] of [
    ['', 2872998923],
    ['default/web', 1611262052],
    ['default/web-0', 1494940141],
    ['größe', 2538389087],
  ] as const) {
    t.equal(hashText(text), hash, JSON.stringify(text))
  }
})

t.test('hashText() spreads names that differ in their last digits over a small range', async t => {
  const buckets = Array.from({ length: 16 }, () => 0)
  for (let i = 0; i < 16_000; i++) buckets[hashText(`default/web-${i}`) % 16]!++
  for (const [bucket, count] of buckets.entries()) {
    t.ok(count > 850 && count < 1150, `bucket ${bucket} holds ${count} of 16000`)
  }
})
