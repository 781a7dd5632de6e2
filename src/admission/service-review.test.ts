import t from 'tap'
import type { Spec } from '../../test/support/service-allocation.ts'
import { created, allocatorOf, serviceOf } from '../../test/support/service-allocation.ts'
import { ReviewedCluster } from '../../test/support/service-reviews.ts'
import { type AdmissionRequest, NotNow } from './review.ts'
import { defaultPolicy } from './service-policy.ts'
import { parsePolicy } from './service-policy-file.ts'

const ipv4 = ['10.96.0.0/16']
const dual = ['10.96.0.0/16', 'fd00:10:96::/112']
/** What the name `default/web` leads to; also in standalone mode. */
const web4 = '10.96.21.59'
const web6 = 'fd00:10:96::6148'

type Row = [why: string, cidrs: string[], spec: Spec, decision: string]

const creates: Row[] = [
  ['a bare Service', ipv4, {}, `stable ${web4}`],
  ['also for node ports', ipv4, { type: 'NodePort' }, `stable ${web4}`],
  ['also with a load balancer', ipv4, { type: 'LoadBalancer' }, `stable ${web4}`],
  ['its own address', ipv4, { clusterIP: '10.96.0.9' }, 'user'],
  ['its own, in both fields', ipv4, { clusterIP: web4, clusterIPs: [web4] }, 'user'],
  ['headless', ipv4, { clusterIP: 'None' }, 'no-address'],
  ['an external name', ipv4, { type: 'ExternalName', externalName: 'a.b' }, 'no-address'],
  ['the default family', dual, {}, `stable ${web4}`],
  ['the other family', dual, { ipFamilies: ['IPv6'] }, `stable ${web6}`],
  ['both', dual, { ipFamilyPolicy: 'PreferDualStack' }, `stable ${web4} ${web6}`],
  ['both required', dual, { ipFamilyPolicy: 'RequireDualStack' }, `stable ${web4} ${web6}`],
  [
    'both, the other one first',
    dual,
    { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6'] },
    `stable ${web6} ${web4}`,
  ],
  [
    'the second of a list that is not whole',
    dual,
    { ipFamilyPolicy: 'PreferDualStack', clusterIP: 'fd00:10:96::9' },
    `stable fd00:10:96::9 ${web4}`,
  ],
  ['a preference that cannot be', ipv4, { ipFamilyPolicy: 'PreferDualStack' }, `stable ${web4}`],
  ['a demand that cannot be', ipv4, { ipFamilyPolicy: 'RequireDualStack' }, 'invalid'],
  ['a family that is not there', ipv4, { ipFamilies: ['IPv6'] }, 'invalid'],
  ['two without a policy', dual, { clusterIP: web4, clusterIPs: [web4, web6] }, 'invalid'],
  ['a list alone', ipv4, { clusterIPs: [web4] }, 'invalid'],
  ['nothing to be had', ['10.96.0.0/32'], {}, 'full'],
  ['an IPv6 network that is too large', ['fd00::/48'], {}, 'full'],
]

t.test('reviewServices() chooses what a new Service leaves open', async t => {
  for (const [why, cidrs, spec, decision] of creates)
    t.equal(await new ReviewedCluster({ cidrs }).create('web', spec), decision, why)
})

t.test('reviewServices() chooses as standalone mode does', async t => {
  const allocator = allocatorOf('10.96.0.0/24')
  const cluster = new ReviewedCluster({ cidrs: ['10.96.0.0/24'] })
  for (let i = 0; i < 238; i++) {
    const name = `web-${i}`
    const clusterIP = created(allocator, serviceOf(name, {})).clusterIP
    const [, address] = (await cluster.create(name, {})).split(' ')
    t.equal(address, clusterIP, name)
    cluster.store(name, { clusterIP, clusterIPs: [clusterIP] })
  }
})

const updates: [why: string, before: Spec, after: Spec, decision: string][] = [
  ['nothing named', { clusterIP: web4, clusterIPs: [web4], ipFamilies: ['IPv4'] }, {}, 'update'],
  [
    'an external name no more',
    { type: 'ExternalName', externalName: 'a.b' },
    { type: 'ClusterIP' },
    `stable ${web4}`,
  ],
  [
    'an external name no more, headless',
    { type: 'ExternalName' },
    { clusterIP: 'None' },
    'no-address',
  ],
  [
    'an external name no more, its own address',
    { type: 'ExternalName' },
    { clusterIP: web4 },
    'user',
  ],
  ['an external name from now on', { clusterIP: web4 }, { type: 'ExternalName' }, 'no-address'],
  [
    'a second family',
    { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'], ipFamilies: ['IPv4'] },
    { ipFamilyPolicy: 'PreferDualStack' },
    `stable 10.96.0.9 ${web6}`,
  ],
  [
    'a second family and its address',
    { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'], ipFamilies: ['IPv4'] },
    {
      clusterIP: '10.96.0.9',
      clusterIPs: ['10.96.0.9', 'fd00:10:96::9'],
      ipFamilyPolicy: 'PreferDualStack',
    },
    'user',
  ],
  [
    'one family less',
    { clusterIP: web4, clusterIPs: [web4, web6], ipFamilies: ['IPv4', 'IPv6'] },
    { ipFamilyPolicy: 'SingleStack' },
    'update',
  ],
]

t.test('reviewServices() gives an update an address only where the API server would', async t => {
  for (const [why, before, after, decision] of updates)
    t.equal(await new ReviewedCluster({ cidrs: dual }).update('web', before, after), decision, why)
})

t.test('reviewServices() leaves a name alone that is there', async t => {
  const cluster = new ReviewedCluster({ cidrs: ipv4 })
  cluster.store('web', { clusterIP: web4, clusterIPs: [web4] })
  t.equal(await cluster.create('web', {}), 'exists')
  t.equal(cluster.desk.size, 0)
})

t.test('reviewServices() waits a moment for what is left of a deleted Service', async t => {
  const cluster = new ReviewedCluster({ cidrs: ipv4 })
  cluster.store('web', { clusterIP: web4, clusterIPs: [web4] })
  const asked = cluster.create('web', {})
  cluster.delete('web')
  cluster.delete('web', web4)
  t.equal(await asked, `stable ${web4}`)
})

t.test('reviewServices() takes the next address when the first is in use', async t => {
  const cluster = new ReviewedCluster({ cidrs: ipv4 })
  cluster.hold(web4, 'default/other')
  t.equal(await cluster.create('web', {}), 'next 10.96.21.60')
  cluster.hold('10.96.21.60', '')
  t.equal(await cluster.create('web', {}), 'next 10.96.21.61')
})

t.test('reviewServices() in a dry run claims nothing', async t => {
  const cluster = new ReviewedCluster({ cidrs: ipv4 })
  t.equal(await cluster.create('web', {}, { dryRun: true }), `dry-run ${web4}`)
  t.equal(cluster.desk.size, 0)
  cluster.addCidr('more', '10.97.0.0/16')
  const decision = await cluster.review({ name: 'web', dryRun: true, object: { spec: {} } })
  t.match(decision, { outcome: 'dry-run', patch: [], warnings: [/more than one ServiceCIDR/] })
  t.equal(await cluster.create('web', {}), `stable ${web4}`)
  const full = new ReviewedCluster({ cidrs: ['10.96.0.0/32'] })
  t.equal(await full.create('web', {}, { dryRun: true }), 'full')
})

t.test('reviewServices() says nothing of what it does not know', async t => {
  const cluster = new ReviewedCluster({ cidrs: ipv4 })
  t.equal(await cluster.create('', { generateName: 'web-' }), 'generated-name')
  t.equal(await cluster.create('web', {}, { resource: 'pods' }), 'not-a-service')
  t.equal(await cluster.create('web', {}, { subresource: 'status' }), 'not-a-service')
  t.equal(await cluster.create('web', {}, { operation: 'DELETE' }), 'not-a-service')
  t.equal(await cluster.create('web', {}, { object: undefined }), 'not-a-service')
  const bare = new ReviewedCluster()
  t.equal(await bare.create('web', {}), 'no-cidr')
})

t.test('reviewServices() cannot decide before the cluster is known', async t => {
  const cluster = new ReviewedCluster({ cidrs: ipv4 })
  const { view } = new ReviewedCluster()
  t.ok(view.isReady)
  Object.defineProperty(cluster.view, 'isReady', { get: () => false })
  await t.rejects(cluster.create('web', {}), NotNow)
})

t.test('reviewServices() follows the rules of the policy', async t => {
  const policy = parsePolicy(
    `
reserved: [10.96.21.59]
canonical: true
rules:
  - {name: db, selector: tier=db, pool: [10.96.8.0/24, fd00:10:96::800/120]}
  - {name: off, namespaces: [other], stable: false}
  - {name: outside, selector: tier=out, pool: [10.99.0.0/24]}
`,
    'policy.yaml',
  )
  const cluster = new ReviewedCluster({ cidrs: dual, policy })
  const labelled = (tier: string): Partial<AdmissionRequest> => ({
    object: { metadata: { labels: { tier } }, spec: {} },
  })
  const odd = { clusterIP: 'FD00:10:96:0::A' }
  const oddAndMore = { ...odd, ipFamilyPolicy: 'PreferDualStack' }
  const rows: [why: string, spec: Spec, more: Partial<AdmissionRequest>, decision: RegExp][] = [
    ['reserved', {}, {}, /^stable 10\.96\.21\.60$/],
    ['a pool', {}, labelled('db'), /^stable 10\.96\.8\.\d+$/],
    ['off', {}, { namespace: 'other' }, /^off$/],
    ['a pool outside of what there is', {}, labelled('out'), /^stable 10\.96\.21\.60$/],
    ['another form', odd, {}, /^canonical fd00:10:96::a$/],
    ['another form of the first', oddAndMore, {}, /^stable fd00:10:96::a 10\.96\.21\.60$/],
    ['canonical as it is', { clusterIP: 'fd00::a' }, {}, /^user$/],
  ]
  for (const [why, spec, more, decision] of rows) {
    t.match(await cluster.create('web', spec, more), decision, why)
    cluster.time.advance(60_000)
  }
  const plain = new ReviewedCluster({ cidrs: dual, policy: defaultPolicy })
  t.equal(await plain.create('web', { clusterIP: 'FD00:10:96:0::A' }), 'user')
})

t.test('reviewServices() changes nothing more in what it has changed', async t => {
  const cluster = new ReviewedCluster({ cidrs: dual })
  for (const [, , spec] of creates) {
    const decision = await cluster.review({ name: 'idem', object: { spec } })
    if (!decision.allowed || decision.patch.length === 0) continue
    const [one, list] = decision.patch.map(({ value }) => value)
    const again = { ...spec, clusterIP: one, clusterIPs: list }
    t.equal(await cluster.create('idem', again), 'user')
    cluster.time.advance(61_000)
  }
})
