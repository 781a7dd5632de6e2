import fc from 'fast-check'
import t from 'tap'
import { FrameSplitter } from './frame-splitter.ts'

/** The frames of the chunks, and how many bytes are left over. */
function splitAll(chunks: readonly Uint8Array[]): readonly [frames: string[], heldBytes: number] {
  const splitter = new FrameSplitter()
  const frames = chunks.flatMap(chunk => Array.from(splitter.split(Buffer.from(chunk))))
  return [frames, splitter.heldBytes]
}

t.test('FrameSplitter.split() gives each line when it is whole', async t => {
  const cases: readonly [
    chunks: readonly string[],
    frames: readonly string[],
    heldBytes: number,
  ][] = [
    [['a\nb\n'], ['a', 'b'], 0],
    [['a'], [], 1],
    [['a', 'b', 'c\nd'], ['abc'], 1],
    [['a', '\n'], ['a'], 0],
    [['\n\r\n\na\n'], ['a'], 0],
    [['', 'a\n', ''], ['a'], 0],
    [['ab\ncd', 'ef\n'], ['ab', 'cdef'], 0],
  ]
  for (const [chunks, frames, heldBytes] of cases)
    t.same(splitAll(chunks.map(chunk => Buffer.from(chunk))), [frames, heldBytes], chunks.join('|'))
})

t.test('FrameSplitter.split() is the same wherever the bytes are cut', async () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .map(text => text.replaceAll(/[\r\n]/g, '-'))
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(200)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map(text => `${text}\n`).join(''))
      const ends = [...cuts.filter(cut => cut < bytes.length).sort((a, b) => a - b), bytes.length]
      const chunks = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
      const [frames, heldBytes] = splitAll(chunks)
      return JSON.stringify(frames) === JSON.stringify(lines) && heldBytes === 0
    }),
  )
})
