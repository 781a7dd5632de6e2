import t from 'tap'
import { readUint16, readUint32, writeUint16, writeUint32 } from './header.ts'

t.test('numbers are written and read big-endian, as a Buffer does', async t => {
  for (const value of [0, 1, 0x1234, 0x8000, 0xffff]) {
    const bytes = Buffer.alloc(4, 0xaa)
    writeUint16(bytes, value, 1)
    t.equal(bytes.readUInt16BE(1), value)
    t.equal(readUint16(bytes, 1), value)
    t.same([bytes[0], bytes[3]], [0xaa, 0xaa], 'and nothing beside')
  }
  for (const value of [0, 1, 0x12345678, 0x80000000, 0xffffffff]) {
    const bytes = Buffer.alloc(6, 0xaa)
    writeUint32(bytes, value, 1)
    t.equal(bytes.readUInt32BE(1), value)
    t.equal(readUint32(bytes, 1), value)
    t.same([bytes[0], bytes[5]], [0xaa, 0xaa], 'and nothing beside')
  }
})
