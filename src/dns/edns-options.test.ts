import t from 'tap'
import { readOptions } from './edns-options.ts'

t.test('readOptions() copies every option between two offsets', async t => {
  const bytes = Buffer.from('ffff 0003 0000 000a 0002 0102 ffff'.replaceAll(' ', ''), 'hex')
  const options = readOptions(bytes, 2, bytes.length - 2)
  bytes.fill(0)
  t.strictSame(options, [
    { code: 3, data: new Uint8Array(0) },
    { code: 10, data: Uint8Array.of(1, 2) },
  ])
  t.strictSame(readOptions(bytes, 4, 4), [])
})
