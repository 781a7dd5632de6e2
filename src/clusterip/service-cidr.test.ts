import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { formatIp, ipFromBigInt } from '../lib/ip.ts'
import { serviceCidrProblem, usableRange } from './service-cidr.ts'

t.test('usableRange() leaves out network and broadcast and cuts the bands of KEP-3070', async t => {
  const cases: [cidr: string, first: string, size: bigint, staticSize: bigint][] = [
    ['10.96.0.0/16', '10.96.0.1', 65534n, 256n],
    ['10.96.0.0/12', '10.96.0.1', 1048574n, 256n],
    ['10.96.0.0/20', '10.96.0.1', 4094n, 256n],
    ['10.96.0.0/21', '10.96.0.1', 2046n, 128n],
    ['10.96.0.0/23', '10.96.0.1', 510n, 32n],
    ['10.96.0.0/24', '10.96.0.1', 254n, 16n],
    ['10.96.0.0/27', '10.96.0.1', 30n, 16n],
    ['10.96.0.0/28', '10.96.0.1', 14n, 0n],
    ['10.96.0.0/30', '10.96.0.1', 2n, 0n],
    ['10.96.0.0/31', '10.96.0.1', 0n, 0n],
    ['10.96.0.1/32', '10.96.0.2', 0n, 0n],
    ['0.0.0.0/1', '0.0.0.1', 2147483646n, 0n],
    ['0.0.0.0/2', '0.0.0.1', 1073741822n, 256n],
    ['fd00::/64', 'fd00::1', 2n ** 64n - 1n, 256n],
    ['fd00::/108', 'fd00::1', 1048575n, 256n],
    ['fd00::/124', 'fd00::1', 15n, 0n],
    ['fd00::/127', 'fd00::1', 1n, 0n],
    ['fd00::/128', 'fd00::1', 0n, 0n],
  ]
  for (const [text, first, size, staticSize] of cases) {
    const cidr = parseCidr(text)!
    const range = usableRange(cidr)
    t.equal(formatIp(ipFromBigInt(range.first, cidr.family)), first, `first of ${text}`)
    t.equal(range.size, size, `size of ${text}`)
    t.equal(range.staticSize, staticSize, `static band of ${text}`)
  }
})

t.test('serviceCidrProblem() names IPv6 prefixes shorter than /64', async t => {
  t.equal(serviceCidrProblem(parseCidr('fd00::/64')!), undefined)
  t.equal(serviceCidrProblem(parseCidr('10.0.0.0/8')!), undefined)
  t.equal(
    serviceCidrProblem(parseCidr('fd00::/63')!),
    'Cannot allocate from "fd00::/63": the shortest allowed prefix length of an IPv6 service CIDR is 64',
  )
})
