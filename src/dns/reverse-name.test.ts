import t from 'tap'
import { parseIp } from '../lib/ip.ts'
import { reverseName } from './reverse-name.ts'
import { renderName } from './wire-name.ts'

t.test('reverseName() turns an address around', async t => {
  t.equal(renderName(reverseName(parseIp('192.0.2.1')!)), '1.2.0.192.in-addr.arpa.')
  t.equal(
    renderName(reverseName(parseIp('2001:db8::a')!)),
    `a.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa.`,
  )
})
