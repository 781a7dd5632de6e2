import t from 'tap'
import { isSerialCurrent, readSoaSerial, serialOfSoa } from './soa-serial.ts'

const fixed = '0006 0001 00000005'
const numbers = '00000007 00000001 00000002 00000003 00000004'

t.test('readSoaSerial() reads a whole SOA and nothing else', async t => {
  const cases: readonly [what: string, hex: string, serial: number | undefined][] = [
    ['names at the root', `00 ${fixed} 0016 00 00 ${numbers}`, 7],
    ['an owner of labels', `016101 6200 ${fixed} 0016 00 00 ${numbers}`, 7],
    ['an owner that points', `c00c ${fixed} 0018 c00c c00c ${numbers}`, 7],
    ['another type', `00 0001 0001 00000005 0004 01020304`, undefined],
    ['data too short', `00 ${fixed} 0014 ${numbers}`, undefined],
    ['data beyond the message', `00 ${fixed} 0017 00 00 ${numbers}`, undefined],
    ['a name beyond the message', '3f61', undefined],
    ['a head beyond the message', '00 0006', undefined],
    ['nothing', '', undefined],
  ]
  for (const [what, hex, serial] of cases) {
    t.equal(readSoaSerial(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 0), serial, what)
  }
})

t.test('isSerialCurrent() counts around the end of the numbers', async t => {
  t.ok(isSerialCurrent(7, 7))
  t.ok(isSerialCurrent(8, 7))
  t.notOk(isSerialCurrent(6, 7))
  t.ok(isSerialCurrent(1, 0xffff_fff0))
  t.notOk(isSerialCurrent(0xffff_fff0, 1))
})

t.test('serialOfSoa() gives the serial of a record', async t => {
  t.equal(serialOfSoa({ rdata: Buffer.from(`0000${numbers.replaceAll(' ', '')}`, 'hex') }), 7)
})
