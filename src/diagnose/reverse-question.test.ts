import t from 'tap'
import { reverseQuestion } from './reverse-question.ts'

t.test('reverseQuestion() gives the name below which an address has its PTR', async t => {
  const nibbles = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.0.d.f.ip6.arpa.'
  for (const [address, name] of [
    ['10.96.0.1', '1.0.96.10.in-addr.arpa.'],
    ['fd00:96::1', nibbles],
    ['FD00:96:0::1', nibbles],
    ['10.96.0', undefined],
    ['10.96.0.1.', undefined],
    ['web.default.svc.cluster.local', undefined],
    ['', undefined],
  ] as const)
    t.equal(reverseQuestion(address), name, address)
})
