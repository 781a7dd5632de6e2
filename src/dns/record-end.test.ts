import t from 'tap'
import { recordEnd } from './record-end.ts'

/** Type A, class IN, TTL 5; then the length of the data. */
const fixed = '0001 0001 00000005'

t.test('recordEnd() finds the end behind every form of owner and data', async t => {
  const cases: readonly [what: string, record: string][] = [
    ['the root', `00 ${fixed} 0004 0a000001`],
    ['labels', `03777777 0161 00 ${fixed} 0004 0a000001`],
    ['a pointer', `c00c ${fixed} 0004 0a000001`],
    ['a pointer far behind', `ffff ${fixed} 0004 0a000001`],
    ['labels and a pointer', `03777777 c00c ${fixed} 0004 0a000001`],
    ['a label of 63 bytes', `3f${'61'.repeat(63)} 00 ${fixed} 0004 0a000001`],
    ['no data', `c00c ${fixed} 0000`],
    ['data of 300 bytes', `c00c ${fixed} 012c ${'ff'.repeat(300)}`],
  ]
  for (const [what, record] of cases) {
    const bytes = Buffer.from(record.replaceAll(' ', ''), 'hex')
    t.equal(recordEnd(bytes, 0), bytes.length, what)
    const amidst = Buffer.concat([Buffer.alloc(12, 0x3f), bytes, Buffer.alloc(12, 0x3f)])
    t.equal(recordEnd(amidst, 12), 12 + bytes.length, `${what}, amidst others`)
  }
})
