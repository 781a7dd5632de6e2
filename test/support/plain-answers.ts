import type { CompiledAnswer, CompiledZone } from '../../src/answers/compiled-answer.ts'
import { parseName } from '../../src/dns/wire-name.ts'

/** An answer of `count` A records, 10.x.y.z counted up from `first`, rotated when there are several. */
export function plainAddresses(first: number, count = 1): CompiledAnswer {
  const bytes = Buffer.alloc(16 * count)
  for (let i = 0; i < count; i++) {
    Buffer.from('c00c00010001000000050004', 'hex').copy(bytes, i * 16)
    bytes.writeUInt32BE(0x0a000000 + first + i, i * 16 + 12)
  }
  return plainAnswer(1, bytes, count, { offset: 0, count: count > 1 ? count : 0, stride: 16 })
}

export function plainAnswer(
  type: number,
  bytes: Uint8Array,
  answerCount: number,
  rotation = { offset: 0, count: 0, stride: 0 },
): CompiledAnswer {
  return { type, rcode: 0, bytes, answerCount, additionalCount: 0, ending: 'whole', rotation }
}

/** A zone whose SOA has the usual two names. */
export function plainZone(name: string, serial = 1): CompiledZone {
  const rdata = Buffer.concat([
    Buffer.from('\x02ns\x03dns\xc0\x0c', 'latin1'),
    Buffer.from('\x0ahostmaster\xc0\x0c', 'latin1'),
    Buffer.from('0000000000001c20000007080001518000000005', 'hex'),
  ])
  rdata.writeUInt32BE(serial, rdata.length - 20)
  const soa = Buffer.concat([Buffer.from('c00c00060001000000050000', 'hex'), rdata])
  soa.writeUInt16BE(rdata.length, 10)
  return { name: parseName(name)!, soa, pointers: [0, 19, 32] }
}
