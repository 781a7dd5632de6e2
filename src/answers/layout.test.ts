import t from 'tap'
import { alignUp, Head, maxReaders, readerWord } from './layout.ts'

t.test('alignUp() goes to the next multiple', async t => {
  const cases: readonly [value: number, alignment: number, aligned: number][] = [
    [0, 4, 0],
    [1, 4, 4],
    [4, 4, 4],
    [17, 16, 32],
  ]
  for (const [value, alignment, aligned] of cases) {
    t.equal(alignUp(value, alignment), aligned, `${value} to ${alignment}`)
  }
})

t.test('readerWord() gives each reader a cache line of its own behind the head', async t => {
  const words = Array.from({ length: maxReaders }, (_, reader) => readerWord(reader))
  t.ok(words[0]! > Math.max(...Object.values(Head)))
  for (const [reader, word] of words.slice(1).entries()) {
    t.ok((word - words[reader]!) * 4 >= 64, `${reader} and ${reader + 1}`)
  }
})
