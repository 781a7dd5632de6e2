import fc from 'fast-check'
import t from 'tap'
import { NameCompressor } from './name-compressor.ts'
import { NameReader } from './name-reader.ts'
import { isSameName, nameFromLabels, parseName } from './wire-name.ts'

/** Names that are written one behind the other from offset 12 on, and their bytes. */
const cases: readonly [names: readonly string[], hex: string][] = [
  [['.', '.'], '00 00'],
  [['a', 'a'], '0161 00 c00c'],
  [['b.a', 'a', 'b.a'], '0162 0161 00 c00e c00c'],
  [['a', 'b.a', 'c.b.a'], '0161 00 0162 c00c 0163 c00f'],
  [['c.b.a', 'x.b.a', 'y.x.b.a'], '0163 0162 0161 00 0178 c00e 0179 c013'],
  [['a.x', 'a.y'], '0161 0178 00 0161 0179 00'],
  [['Web.A', 'wEB.a', 'x.WEB.a'], '03576562 0141 00 c00c 0178 c00c'],
  [['ab', 'b'], '026162 00 0162 00'],
  [['\\001a', '\\001a'], '020161 00 c00c'],
  [['@', '`'], '0140 00 0160 00'],
]

t.test('NameCompressor.write() points at names that are there', async t => {
  for (const [names, hex] of cases) {
    const message = Buffer.alloc(200)
    const compressor = new NameCompressor(message, 1)
    let at = 12
    for (const name of names) at = compressor.write(parseName(name)!, at, message.length)
    t.equal(message.toString('hex', 12, at), hex.replaceAll(' ', ''), names.join(' '))
  }
})

t.test('NameCompressor.add() makes a name one to point at', async t => {
  const message = Buffer.from(
    '000000000000000000000000 0342616f 0161 00 00000000'.replaceAll(' ', ''),
    'hex',
  )
  const compressor = new NameCompressor(message, 1)
  compressor.add(parseName('bao.a')!, 12)
  t.equal(compressor.write(parseName('x.a')!, 19, 23), 23)
  t.equal(message.toString('hex', 19), '0178c010')
})

t.test('NameCompressor.write() points again for the same object', async t => {
  const cases: readonly [name: string, hex: string][] = [
    ['b.a', '0162 0161 00 c00c c00c c00c'],
    ['.', '00 00 00 00'],
  ]
  for (const [text, hex] of cases) {
    const name = parseName(text)!
    const message = Buffer.alloc(200)
    const compressor = new NameCompressor(message, 1)
    // The first is another object: the others point where it stands, not at a pointer.
    let at = compressor.write(parseName(text)!, 12, message.length)
    for (let times = 0; times < 3; times++) at = compressor.write(name, at, message.length)
    t.equal(message.toString('hex', 12, at), hex.replaceAll(' ', ''), text)
    t.equal(compressor.write(name, at, at), 0, 'within the limit')
  }
  const message = Buffer.alloc(0x4100)
  const compressor = new NameCompressor(message, 1)
  const far = parseName('a')!
  compressor.write(far, 0x4000, message.length)
  t.equal(compressor.write(far, 0x4010, message.length), 0x4013, 'not beyond 14 bits')
})

t.test('NameCompressor.write() keeps to the limit', async t => {
  const message = Buffer.alloc(40)
  const compressor = new NameCompressor(message, 1)
  t.equal(compressor.write(parseName('ab')!, 12, 15), 0)
  t.same(message, Buffer.alloc(40), 'nothing is written')
  t.equal(compressor.write(parseName('ab')!, 12, 16), 16)
  t.equal(compressor.write(parseName('ab')!, 16, 17), 0)
  t.equal(compressor.write(parseName('ab')!, 16, 18), 18)
})

t.test('NameCompressor.write() does not point beyond 14 bits', async t => {
  const message = Buffer.alloc(0x4100)
  const compressor = new NameCompressor(message, 1)
  compressor.write(parseName('b.a')!, 0x3ffe, message.length)
  t.equal(compressor.write(parseName('a')!, 0x4010, message.length), 0x4013, 'the label at 0x4000')
  t.equal(compressor.write(parseName('b.a')!, 0x4020, message.length), 0x4022, 'the one at 0x3ffe')
})

t.test('what NameCompressor.write() writes is read again, in a crowded table too', async t => {
  const label = fc.string({ unit: fc.constantFrom('a', 'b', 'B', 'c'), minLength: 1, maxLength: 2 })
  const name = fc.array(label, { maxLength: 4, size: 'max' }).map(labels => nameFromLabels(labels)!)
  const many = fc.array(name, { minLength: 1, maxLength: 300, size: 'max' })
  fc.assert(
    fc.property(many, fc.constantFrom(1, 100), (names, recordCount) => {
      const message = Buffer.alloc(5000)
      const compressor = new NameCompressor(message, recordCount)
      const reader = new NameReader(message)
      let at = 12
      return names.every(name => {
        const end = compressor.write(name, at, message.length)
        const found = reader.read(at, end, 'allowed')
        at = end
        return found && isSameName(found, name) && reader.end === end
      })
    }),
  )
  t.pass('always')
})
