import t from 'tap'
import { ReviewedCluster } from '../../test/support/service-reviews.ts'
import type { ClaimAnswer } from './service-claim-desk.ts'
import { AddressOwners, ownersOf } from './service-owners.ts'

const addresses = Array.from({ length: 300 }, (_, i) => `10.96.${i >> 8}.${i & 255}`)
const replicas = ['10.244.0.1:8443', '10.244.0.2:8443', '10.244.0.3:8443', '10.244.0.4:8443']
const never = new AbortController().signal

t.test('ownersOf() keeps one owner when a replica comes or goes', async t => {
  for (const gone of replicas) {
    const fewer = replicas.filter(replica => replica !== gone)
    const lost = addresses.filter(address => {
      const before = ownersOf(address, replicas)
      return !ownersOf(address, fewer).some(owner => before.includes(owner))
    })
    t.same(lost, [], gone)
  }
})

t.test('ownersOf() spreads addresses evenly, in whatever order replicas are known', async t => {
  const firsts = Map.groupBy(addresses, address => ownersOf(address, replicas)[0])
  for (const replica of replicas) {
    const share = firsts.get(replica)?.length ?? 0
    t.ok(share > 45 && share < 105, `${replica}: ${share} of 300`)
  }
  for (const address of addresses)
    t.same(ownersOf(address, replicas.toReversed()), ownersOf(address, replicas))
  t.same(ownersOf('10.96.0.1', ['a']), ['a'])
})

type Answer = ClaimAnswer | 'silent' | 'broken'
const cases: [own: 'free' | 'taken', other: Answer, answer: ClaimAnswer][] = [
  ['free', 'granted', 'granted'],
  ['free', 'taken', 'taken'],
  ['taken', 'granted', 'taken'],
  ['free', 'unanswered', 'unanswered'],
  ['free', 'silent', 'unanswered'],
  ['free', 'broken', 'unanswered'],
]

t.test('AddressOwners.claim() wants both owners to agree', async t => {
  for (const address of ['10.96.0.9', '10.96.0.10']) {
    for (const [own, other, answer] of cases) {
      const { desk, time, view } = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
      if (own === 'taken') view.applyIpAddress(ipAddress(address))
      const owners = new AddressOwners({
        desk,
        time,
        replicas: {
          self: 'a',
          ready: () => ['a', 'b'],
          peer: () => ({
            claim: () => {
              if (other === 'broken') return Promise.reject(new Error('reset'))
              return other === 'silent' ? new Promise(() => {}) : Promise.resolve(other)
            },
          }),
        },
      })
      const claimed = await time.during(owners.claim(address, 'a/b', never))
      t.equal(claimed, answer, `${address}: ${own} here, ${other} there`)
    }
  }
})

function ipAddress(name: string): Parameters<ReviewedCluster['view']['applyIpAddress']>[0] {
  return { kind: 'IPAddress', name, managedBy: '', service: 'c/d' }
}
