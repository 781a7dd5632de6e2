import t from 'tap'
import { parseDashedIp } from './dashed-ip.ts'
import { formatIp } from './ip.ts'

t.test('parseDashedIp() reads the addresses that pod names hold', async t => {
  const cases: readonly [label: string, address: string | undefined][] = [
    ['10-244-1-3', '10.244.1.3'],
    ['fd00--a', 'fd00::a'],
    ['--1', '::1'],
    ['fd00-0-0-0-0-0-0-1', 'fd00::1'],
    ['10-244-1', undefined],
    ['10-244-1-300', undefined],
    ['010-1-1-1', undefined],
    ['web', undefined],
    ['a-b-c-d', undefined],
    ['--ffff-a00-1', undefined],
    ['', undefined],
  ]
  for (const [label, address] of cases) {
    const bytes = parseDashedIp(label)
    t.equal(bytes && formatIp(bytes), address, label)
  }
})
