import t from 'tap'
import {
  allocatorOf,
  created,
  dual,
  serviceOf,
  type Spec,
  summary,
} from '../../test/support/service-allocation.ts'

t.test('ServiceAllocator.update() moves between states as Kubernetes does', async t => {
  const none = { clusterIP: 'None', selector: { a: 'b' } }
  const prefer = { ipFamilyPolicy: 'PreferDualStack' }
  const single = { ipFamilyPolicy: 'SingleStack' }
  const external = { type: 'ExternalName', externalName: 'a.b' }
  const invalid = 'Service "web" is invalid: '
  const cases: [title: string, before: Spec, after: Spec, outcome: string][] = [
    ['the same manifest again', {}, {}, 'SingleStack IPv4 10.96.0.165'],
    ['to NodePort', {}, { type: 'NodePort' }, 'SingleStack IPv4 10.96.0.165'],
    ['to LoadBalancer', {}, { type: 'LoadBalancer' }, 'SingleStack IPv4 10.96.0.165'],
    ['to two families', {}, prefer, 'PreferDualStack IPv4,IPv6 10.96.0.165,fd00::a4'],
    [
      'to two families with a chosen address',
      {},
      { ...prefer, clusterIP: '10.96.0.165', clusterIPs: ['10.96.0.165', 'fd00::10'] },
      'PreferDualStack IPv4,IPv6 10.96.0.165,fd00::10',
    ],
    [
      'to two families with a taken address',
      {},
      { ...prefer, clusterIP: '10.96.0.165', clusterIPs: ['10.96.0.165', 'fd00::99'] },
      `${invalid}spec.clusterIPs: Invalid value: ["10.96.0.165","fd00::99"]: failed to allocate IP fd00::99: provided IP is already allocated`,
    ],
    ['to one family', prefer, single, 'SingleStack IPv4 10.96.0.165'],
    ['dual-stack again', prefer, prefer, 'PreferDualStack IPv4,IPv6 10.96.0.165,fd00::a4'],
    ['dual-stack without policy', prefer, {}, 'PreferDualStack IPv4,IPv6 10.96.0.165,fd00::a4'],
    [
      'to one address without SingleStack',
      prefer,
      { clusterIP: '10.96.0.165', clusterIPs: ['10.96.0.165'] },
      `${invalid}spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be 'SingleStack' to release the secondary cluster IP`,
    ],
    [
      'to another address',
      {},
      { clusterIP: '10.96.0.45' },
      `${invalid}spec.clusterIPs[0]: Invalid value: ["10.96.0.45"]: may not change once set`,
    ],
    [
      'to another address, both fields',
      {},
      { clusterIP: '10.96.0.45', clusterIPs: ['10.96.0.45'] },
      `${invalid}spec.clusterIPs[0]: Invalid value: ["10.96.0.45"]: may not change once set`,
    ],
    [
      'to another family',
      {},
      { clusterIP: 'fd00::10', clusterIPs: ['fd00::10'] },
      `${invalid}[spec.clusterIPs[0]: Invalid value: ["fd00::10"]: may not change once set, spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set]`,
    ],
    [
      'to headless',
      {},
      { ...none, clusterIPs: ['None'] },
      `${invalid}spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set`,
    ],
    [
      'headless to an address',
      none,
      { clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10'] },
      `${invalid}spec.clusterIPs[0]: Invalid value: ["10.96.0.10"]: may not change once set`,
    ],
    ['headless, cleared', none, { selector: { a: 'b' } }, 'SingleStack IPv4 None'],
    [
      'headless to NodePort',
      none,
      { type: 'NodePort' },
      `${invalid}spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`,
    ],
    [
      'headless to other families',
      none,
      { ...none, ipFamilies: ['IPv6'] },
      'SingleStack IPv6 None',
    ],
    ['ExternalName to an address', external, {}, 'SingleStack IPv4 10.96.0.165'],
    [
      'ExternalName to a chosen address',
      external,
      { clusterIP: '10.96.0.10' },
      'SingleStack IPv4 10.96.0.10',
    ],
    ['ExternalName to headless', external, none, 'SingleStack IPv4 None'],
    ['to ExternalName', {}, external, 'undefined  '],
    ['headless to ExternalName', none, external, 'undefined  '],
    [
      'to ExternalName, with what it had',
      {},
      {
        ...external,
        clusterIP: '10.96.0.165',
        clusterIPs: ['10.96.0.165'],
        ipFamilies: ['IPv4'],
        ...single,
      },
      'undefined  ',
    ],
    [
      'to ExternalName with another address',
      {},
      { ...external, clusterIP: '10.96.0.45', ipFamilies: ['IPv6'] },
      `${invalid}[spec.clusterIPs: Forbidden: may not be set for ExternalName services, spec.ipFamilies: Forbidden: may not be set for ExternalName services]`,
    ],
  ]
  for (const [title, from, to, expected] of cases) {
    const allocator = allocatorOf(...dual)
    created(allocator, serviceOf('other', { clusterIP: 'fd00::99' }))
    const before = created(allocator, serviceOf('web', from))
    const usage = allocator.cidrUsage()
    const outcome = allocator.update(before, serviceOf('web', to))
    t.equal(summary(t, outcome), expected, title)
    if ('errors' in outcome) t.same(allocator.cidrUsage(), usage, `${title}: nothing changed`)
    else {
      allocator.delete(outcome.service)
      const left = allocator
        .cidrUsage()
        .map(({ dynamic, static: low }) => dynamic.taken + low.taken)
      t.same(left, [0, 1], `${title}: nothing leaks`)
    }
  }
})

t.test('ServiceAllocator.update() leaves PreferDualStack alone when the cluster grows', async t => {
  const manifest = { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4'] }
  const before = created(allocatorOf(dual[0]!), serviceOf('web', manifest))
  const grown = allocatorOf(...dual)
  t.same(grown.restore(before), [])
  t.equal(
    summary(t, grown.update(before, serviceOf('web', manifest))),
    'PreferDualStack IPv4 10.96.0.165',
  )
})

t.test('ServiceAllocator.update() allocates for a Service that never got an address', async t => {
  const bare = serviceOf('web', {})
  t.equal(summary(t, allocatorOf(...dual).update(bare, bare)), 'SingleStack IPv4 10.96.0.165')
})
