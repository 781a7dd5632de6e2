import t from 'tap'
import { alone, ReviewedCluster } from '../../test/support/service-reviews.ts'
import type { VirtualTime } from '../../test/support/virtual-time.ts'
import type { ClaimAnswer } from './service-claim-desk.ts'
import { ownersOf } from './owners-of-address.ts'
import { AddressOwners, type OwnerPeer } from './service-owners.ts'

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
const cases: [one: Answer, other: Answer, answer: ClaimAnswer, waitedMs: number][] = [
  ['granted', 'granted', 'granted', 0],
  ['granted', 'taken', 'taken', 0],
  ['taken', 'granted', 'taken', 0],
  ['unanswered', 'granted', 'granted', 0],
  ['granted', 'unanswered', 'granted', 0],
  ['broken', 'granted', 'granted', 0],
  ['granted', 'silent', 'granted', 400],
  ['silent', 'taken', 'taken', 400],
  ['silent', 'silent', 'unanswered', 800],
  ['broken', 'unanswered', 'unanswered', 0],
]

t.test('AddressOwners.claim() asks both owners, and goes by those that answer', async t => {
  const address = '10.96.0.9'
  const [first] = ownersOf(address, ['b', 'c'])
  for (const [one, other, answer, waitedMs] of cases) {
    const { owners, time } = ownersWith(replica => (replica === first ? one : other))
    const why = `${one}, then ${other}`
    t.equal(await time.during(owners.claim(address, 'a/b', never)), answer, why)
    t.equal(time.now(), waitedMs, why)
  }
})

t.test('AddressOwners.claim() does not wait again for who is silent', async t => {
  const { owners, time } = ownersWith(() => 'silent')
  for (const [atMs, waitedMs] of [
    [0, 800],
    [1, 0],
    [5000, 800],
  ] as const) {
    time.advance(atMs)
    const startedAt = time.now()
    t.equal(await time.during(owners.claim('10.96.0.9', 'a/b', never)), 'unanswered')
    t.equal(time.now() - startedAt, waitedMs)
  }
})

t.test('AddressOwners.claim() asks its own desk where it is an owner', async t => {
  const cluster = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
  const { desk, time } = cluster
  cluster.hold('10.96.0.9', 'c/d')
  for (const ready of [[], ['a']]) {
    const owners = new AddressOwners({ desk, time, replicas: { ...alone, ready: () => ready } })
    t.equal(await owners.claim('10.96.0.9', 'a/b', never), 'taken')
    t.equal(await owners.claim(`10.96.0.1${ready.length}`, 'a/b', never), 'granted')
  }
})

/** A replica that is no owner itself, and two others. */
function ownersWith(answerOf: (replica: string) => Answer): {
  readonly owners: AddressOwners
  readonly time: VirtualTime
} {
  const { desk, time } = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
  const peer = (replica: string): OwnerPeer => ({
    claim: async () => {
      const answer = answerOf(replica)
      if (answer === 'broken') throw new Error('reset')
      return answer === 'silent' ? new Promise(() => {}) : answer
    },
  })
  const replicas = { self: 'a', ready: () => ['b', 'c'], peer }
  return { owners: new AddressOwners({ desk, time, replicas }), time }
}
