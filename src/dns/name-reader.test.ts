import t from 'tap'
import { type Compression, NameReader } from './name-reader.ts'
import { renderName } from './wire-name.ts'

/** A header of zeros, then the bytes; blanks are for the reader. */
function message(body: string): Buffer {
  return Buffer.from(`${'00'.repeat(12)}${body.replaceAll(' ', '')}`, 'hex')
}

const a63 = `3f${'61'.repeat(63)}`

interface NameCase {
  readonly what: string
  readonly body: string
  /** Offset of the name that is read. */
  readonly offset: number
  readonly name: string | undefined
  readonly end?: number
  readonly limit?: number
  readonly compression?: Compression
}

const cases: readonly NameCase[] = [
  { what: 'the root', body: '00', offset: 12, name: '.', end: 13 },
  { what: 'letter case is kept', body: '03 575777 00', offset: 12, name: 'WWw.', end: 17 },
  { what: 'a pointer', body: '0161 00 c00c', offset: 15, name: 'a.', end: 17 },
  { what: 'a label and a pointer', body: '0161 00 0162 c00c', offset: 15, name: 'b.a.', end: 19 },
  { what: 'a pointer to a pointer', body: '0161 00 c00c c00f', offset: 17, name: 'a.', end: 19 },
  { what: 'a pointer to itself', body: 'c00c', offset: 12, name: undefined },
  { what: 'a pointer ahead', body: 'c00e 0161 00', offset: 12, name: undefined },
  { what: 'a loop through a label', body: '0161 c00c', offset: 12, name: undefined },
  { what: 'a loop of two pointers', body: 'c00e c00c', offset: 14, name: undefined },
  { what: 'a pointer into the header', body: 'c000', offset: 12, name: undefined },
  { what: 'a pointer to offset 11', body: 'c00b', offset: 12, name: undefined },
  { what: 'half a pointer', body: '0161 c0', offset: 12, name: undefined },
  { what: 'nothing', body: '', offset: 12, name: undefined },
  { what: 'a label without its end', body: '03 6161', offset: 12, name: undefined },
  { what: 'a name without its root', body: '0161', offset: 12, name: undefined },
  { what: 'label type 0x40', body: `41 ${'61'.repeat(65)} 00`, offset: 12, name: undefined },
  { what: 'label type 0x80', body: `81 ${'61'.repeat(129)} 00`, offset: 12, name: undefined },
  {
    what: 'a name of 255 bytes',
    body: `${a63.repeat(3)} 3d ${'61'.repeat(61)} 00`,
    offset: 12,
    name: `${`${'a'.repeat(63)}.`.repeat(3)}${'a'.repeat(61)}.`,
    end: 267,
  },
  {
    what: 'a name of 256 bytes',
    body: `${a63.repeat(3)} 3e ${'61'.repeat(62)} 00`,
    offset: 12,
    name: undefined,
  },
  {
    what: 'a name of 256 bytes by a pointer',
    body: `${a63.repeat(3)} 00 3e ${'61'.repeat(62)} c00c`,
    offset: 205,
    name: undefined,
  },
  {
    what: '127 labels',
    body: `${'0161'.repeat(127)} 00`,
    offset: 12,
    name: 'a.'.repeat(127),
    end: 267,
  },
  { what: 'the limit within a label', body: '02 6161 00', offset: 12, name: undefined, limit: 14 },
  { what: 'the limit before the root', body: '0161 00', offset: 12, name: undefined, limit: 14 },
  { what: 'the limit within a pointer', body: '00 c00c', offset: 13, name: undefined, limit: 14 },
  {
    what: 'a pointer where none may be',
    body: '0161 00 c00c',
    offset: 15,
    name: undefined,
    compression: 'forbidden',
  },
  {
    what: 'a pointer behind a label where none may be',
    body: '0161 00 0162 c00c',
    offset: 15,
    name: undefined,
    compression: 'forbidden',
  },
]

t.test('NameReader.read() reads names in full and refuses what does not end', async t => {
  for (const { what, body, offset, name, end, limit, compression = 'allowed' } of cases) {
    const bytes = message(body)
    const names = new NameReader(bytes)
    const found = names.read(offset, limit ?? bytes.length, compression)
    t.equal(found && renderName(found), name, what)
    if (end !== undefined) t.equal(names.end, end, `${what}: its end`)
  }
})

t.test('NameReader.read() goes through 126 pointers and no more', async t => {
  const pointers = Array.from({ length: 127 }, (_, i) => (0xc00c + 2 * i - 1).toString(16))
  const bytes = message(`00 ${['c00c', ...pointers.slice(1)].join('')}`)
  const names = new NameReader(bytes)
  t.ok(names.read(13 + 2 * 125, bytes.length, 'allowed'), '126')
  t.notOk(names.read(13 + 2 * 126, bytes.length, 'allowed'), '127')
})

t.test('NameReader.read() gives the bytes again for the same pointer', async t => {
  const bytes = message('0161 00 c00c c00c')
  const names = new NameReader(bytes)
  t.equal(names.read(15, 19, 'allowed'), names.read(17, 19, 'allowed'))
  t.equal(names.end, 19)
})

t.test('NameReader.read() reads 8,192 labels and jumps of one message', async t => {
  const bytes = message(`${'0161'.repeat(127)} 00`)
  const names = new NameReader(bytes)
  const read = (): boolean => names.read(12, bytes.length, 'allowed') !== undefined
  // 64 names of 128 steps each are 8,192.
  t.ok(Array.from({ length: 64 }, read).every(Boolean))
  t.notOk(names.read(266, bytes.length, 'allowed'), 'one more')
})
