/** What reading a large cluster leaves of the memory for young objects. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { keepYoungSpaceSmall } from '../src/server/small-young-space.ts'

/** Makes objects of which many survive for a while, and tells the bytes of the young space. A fresh thread has a fresh heap. */
const program = `
  const { getHeapSpaceStatistics } = require('node:v8')
  const kept = []
  for (let i = 0; i < 1_000_000; i++) kept[i % 200_000] = { name: 'svc-' + i }
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  require('node:worker_threads').parentPort.postMessage(space.space_size)
`

async function youngBytes(): Promise<number> {
  const [bytes] = await once(new Worker(program, { eval: true }), 'message')
  return bytes as number
}

t.test('keepYoungSpaceSmall() holds the young space where it starts', async t => {
  const grown = await youngBytes()
  keepYoungSpaceSmall()
  const small = await youngBytes()
  t.ok(grown >= 8 << 20, `by itself it grows: ${grown}`)
  t.ok(small <= 4 << 20, `it stays small: ${small}`)
})
