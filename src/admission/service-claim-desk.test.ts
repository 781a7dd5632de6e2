import t from 'tap'
import { ReviewedCluster } from '../../test/support/service-reviews.ts'
import { reduceService } from '../objects/service.ts'
import { AddressView } from './service-address-view.ts'
import { ClaimDesk } from './service-claim-desk.ts'
import { defaultPolicy } from './service-policy.ts'

const address = '10.96.0.9'
const never = new AbortController().signal

type Step = readonly [atMs: number, key: string, answer: string]

const sequences: [why: string, steps: readonly Step[]][] = [
  [
    'another Service',
    [
      [0, 'a/b', 'granted'],
      [59_999, 'c/d', 'taken'],
    ],
  ],
  [
    'another Service, after its time',
    [
      [0, 'a/b', 'granted'],
      [60_000, 'c/d', 'granted'],
    ],
  ],
  [
    'the same at once',
    [
      [0, 'a/b', 'granted'],
      [999, 'a/b', 'taken'],
    ],
  ],
  [
    'the same later, once, and again when all is forgotten',
    [
      [0, 'a/b', 'granted'],
      [1000, 'a/b', 'granted'],
      [5000, 'a/b', 'taken'],
      [60_999, 'a/b', 'taken'],
      [61_000, 'a/b', 'granted'],
    ],
  ],
]

t.test('ClaimDesk.claim() gives an address to one Service at a time', async t => {
  for (const [why, steps] of sequences) {
    const { desk, time } = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
    for (const [atMs, key, answer] of steps) {
      time.advance(atMs - time.now())
      t.equal(await desk.claim(address, key, never), answer, `${why}: ${key} at ${atMs}`)
    }
  }
})

const shown: [why: string, spec: object, other: string][] = [
  ['the address', { clusterIPs: ['10.96.0.8'] }, 'granted'],
  ['none, because it is headless', { clusterIP: 'None', clusterIPs: ['None'] }, 'taken'],
  ['none of this family', { clusterIPs: ['fd00::1'] }, 'taken'],
]

t.test('ClaimDesk settles a claim by what the Service shows', async t => {
  for (const [why, spec, answer] of shown) {
    const { desk } = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
    await desk.claim(address, 'default/web', never)
    t.equal(desk.size, 1)
    desk.applyService(reduceService({ metadata: { namespace: 'default', name: 'web' }, spec }))
    t.equal(await desk.claim(address, 'c/d', never), answer, why)
  }
})

t.test('ClaimDesk.claim() gives an update the same address at once', async t => {
  const cluster = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
  cluster.store('web', { type: 'ExternalName' })
  const answers: string[] = []
  for (let i = 0; i < 6; i++) answers.push(await cluster.desk.claim(address, 'default/web', never))
  t.same(answers, [...Array.from({ length: 5 }, () => 'granted'), 'taken'])
})

t.test('ClaimDesk.claim() refuses what the cluster has', async t => {
  const cluster = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
  cluster.store('web', { clusterIP: address, clusterIPs: [address] })
  cluster.hold('10.96.0.10', '')
  cluster.hold('10.96.0.11', 'a/b')
  for (const taken of [address, '10.96.0.10', '10.96.0.11'])
    t.equal(await cluster.desk.claim(taken, 'c/d', never), 'taken', taken)
})

t.test('ClaimDesk.claim() waits for what a deleted Service of that name leaves', async t => {
  const cluster = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
  cluster.hold(address, 'a/b')
  const gone = cluster.desk.claim(address, 'a/b', never)
  cluster.view.deleteIpAddress(address)
  t.equal(await cluster.time.during(gone), 'granted')
  t.ok(cluster.time.now() < 100)
  cluster.hold('10.96.0.10', 'a/b')
  t.equal(await cluster.time.during(cluster.desk.claim('10.96.0.10', 'a/b', never)), 'taken')
  t.equal(cluster.time.now(), 100)
})

t.test('ClaimDesk answers nothing before the cluster is known', async t => {
  const view = new AddressView({ policy: defaultPolicy, serviceCidrs: [] })
  const desk = new ClaimDesk(view, new ReviewedCluster().time)
  t.equal(await desk.claim(address, 'a/b', never), 'unanswered')
})
