import fc from 'fast-check'
import t from 'tap'
import { NameCompressor } from './name-compressor.ts'
import { NameReader } from './name-reader.ts'
import { isSameName, lowerCaseName, nameFromLabels, parseName } from './wire-name.ts'

/** Names that are written one behind the other from offset 12 on, and their bytes. */
const cases: readonly [names: readonly string[], hex: string][] = [
  [['.', '.'], '00 00'],
  [['a', 'a'], '0161 00 c00c'],
  [['b.a', 'a', 'b.a'], '0162 0161 00 c00e c00c'],
  [['a', 'b.a', 'c.b.a'], '0161 00 0162 c00c 0163 c00f'],
  [['c.b.a', 'x.b.a', 'y.x.b.a'], '0163 0162 0161 00 0178 c00e 0179 c013'],
  [['a.x', 'a.y'], '0161 0178 00 0161 0179 00'],
  [['Web.A', 'x.WEB.A', 'X.WEB.A'], '03576562 0141 00 0178 03574542 c010 0158 c015'],
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

/** A question, a target that is never compressed, what is written behind, and its bytes. */
const spellings: readonly [question: string, target: string, name: string, hex: string][] = [
  // The name that was asked for, in any letter case.
  ['Web.A', '.', 'wEB.a', 'c00c'],
  // What is lower case has the letter case of the question.
  ['Web.A', '.', 'x.web.a', '0178 c00c'],
  ['Web.A', '.', 'y.a', '0179 c010'],
  ['Web.A', '.', 'x.WEB.A', '0178 03574542 c010'],
  ['x.Web.A', '.', 'WEB.A', '03574542 c012'],
  // Its own letter case comes first.
  ['x.Web.A', 'web.a', 'web.a', 'c020'],
  ['x.Web.A', 'web.a', 'y.a', '0179 c024'],
  ['x.web.a', 'web.a', 'web.a', 'c00e'],
]

t.test('NameCompressor.write() gives names their letter case, or that of the question', async t => {
  for (const [question, target, name, hex] of spellings) {
    const message = Buffer.alloc(100)
    const compressor = new NameCompressor(message, 1)
    message.set(parseName(question)!, 12)
    compressor.add(lowerCaseName(parseName(question)!), 12)
    message.set(parseName(target)!, 32)
    compressor.add(parseName(target)!, 32)
    const end = compressor.write(parseName(name)!, 60, message.length)
    t.equal(message.toString('hex', 60, end), hex.replaceAll(' ', ''), `${name} in ${question}`)
  }
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
        if (!found || reader.end !== end) return false
        return (
          Buffer.compare(found, name) === 0 ||
          (isSameName(found, name) && isSameName(name, names[0]!))
        )
      })
    }),
  )
  t.pass('always')
})
