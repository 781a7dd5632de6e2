import t from 'tap'
import {
  allocatorOf,
  created,
  dual,
  serviceOf,
  type Spec,
  summary,
} from '../../test/support/service-allocation.ts'

t.test('ServiceAllocator.create() gives one address per family', async t => {
  const cases: [spec: Spec, outcome: string][] = [
    [{}, 'SingleStack IPv4 10.96.0.165'],
    [{ type: 'NodePort' }, 'SingleStack IPv4 10.96.0.165'],
    [{ type: 'LoadBalancer' }, 'SingleStack IPv4 10.96.0.165'],
    [{ clusterIP: '10.96.0.10' }, 'SingleStack IPv4 10.96.0.10'],
    [{ clusterIP: '10.96.0.200' }, 'SingleStack IPv4 10.96.0.200'],
    [{ clusterIP: 'fd00::10' }, 'SingleStack IPv6 fd00::10'],
    [{ clusterIP: 'None', selector: { a: 'b' } }, 'SingleStack IPv4 None'],
    [{ clusterIP: 'None' }, 'RequireDualStack IPv4,IPv6 None'],
    [{ type: 'ExternalName', externalName: 'a.b' }, 'undefined  '],
    [{ ipFamilyPolicy: 'PreferDualStack' }, 'PreferDualStack IPv4,IPv6 10.96.0.165,fd00::a4'],
    [
      { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6'] },
      'RequireDualStack IPv6,IPv4 fd00::a4,10.96.0.165',
    ],
    [
      { ipFamilyPolicy: 'PreferDualStack', clusterIP: 'fd00::10' },
      'PreferDualStack IPv6,IPv4 fd00::10,10.96.0.165',
    ],
    [
      {
        ipFamilyPolicy: 'PreferDualStack',
        clusterIP: '10.96.0.10',
        clusterIPs: ['10.96.0.10', 'fd00::10'],
      },
      'PreferDualStack IPv4,IPv6 10.96.0.10,fd00::10',
    ],
  ]
  for (const [spec, expected] of cases) {
    const outcome = allocatorOf(...dual).create(serviceOf('web', spec))
    t.equal(summary(t, outcome), expected, JSON.stringify(spec))
  }
})

t.test('ServiceAllocator.create() refuses in the words of the API server', async t => {
  const invalid = 'Service "web" is invalid: '
  const cases: [spec: Spec, message: string][] = [
    [
      { clusterIP: '10.96.0.20' },
      `${invalid}spec.clusterIPs: Invalid value: ["10.96.0.20"]: failed to allocate IP 10.96.0.20: provided IP is already allocated`,
    ],
    [
      { clusterIP: '10.97.0.20' },
      `${invalid}spec.clusterIPs: Invalid value: ["10.97.0.20"]: failed to allocate IP 10.97.0.20: the provided network does not match the current range`,
    ],
    [
      { clusterIP: '10.96.0.0' },
      `${invalid}spec.clusterIPs: Invalid value: ["10.96.0.0"]: failed to allocate IP 10.96.0.0: the provided network does not match the current range`,
    ],
    [
      { clusterIP: '10.96.0.255' },
      `${invalid}spec.clusterIPs: Invalid value: ["10.96.0.255"]: failed to allocate IP 10.96.0.255: the provided network does not match the current range`,
    ],
    [
      { clusterIP: 'fd00::10', ipFamilies: ['IPv4'] },
      `${invalid}spec.clusterIPs[0]: Invalid value: "fd00::10": expected an IPv4 value as indicated by \`ipFamilies[0]\``,
    ],
    [
      { clusterIPs: ['10.96.0.10'] },
      `${invalid}spec.clusterIPs: Invalid value: ["10.96.0.10"]: must be empty when \`clusterIP\` is not specified`,
    ],
    [
      { type: 'NodePort', clusterIP: 'None' },
      `${invalid}spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`,
    ],
    [
      { type: 'LoadBalancer', clusterIP: 'None' },
      `${invalid}spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services`,
    ],
    [
      {
        type: 'ExternalName',
        clusterIP: '10.96.0.10',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
      },
      `${invalid}[spec.clusterIPs: Forbidden: may not be set for ExternalName services, spec.ipFamilies: Forbidden: may not be set for ExternalName services, spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services]`,
    ],
  ]
  for (const [spec, message] of cases) {
    const allocator = allocatorOf(...dual)
    created(allocator, serviceOf('other', { clusterIP: '10.96.0.20' }))
    const before = [allocator.cidrUsage(), allocator.nodePortUsage()]
    t.equal(summary(t, allocator.create(serviceOf('web', spec))), message)
    t.same([allocator.cidrUsage(), allocator.nodePortUsage()], before, 'and nothing is taken')
  }
})

t.test('ServiceAllocator.create() answers a full range with an internal error', async t => {
  const full =
    'Internal error occurred: failed to allocate a serviceIP for Service "web": range is full'
  const allocator = allocatorOf('10.96.0.0/30', 'fd00::/112')
  created(allocator, serviceOf('one', {}))
  const two = created(allocator, serviceOf('two', {}))
  t.equal(summary(t, allocator.create(serviceOf('web', {}))), full)
  const dualStack = { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6', 'IPv4'] }
  t.equal(summary(t, allocator.create(serviceOf('web', dualStack))), full)
  t.equal(allocator.cidrUsage()[1]?.dynamic.taken, 0, 'the first family is given back')
  allocator.delete(two)
  t.equal(
    summary(t, allocator.create(serviceOf('web', {}))),
    `SingleStack IPv4 ${two.clusterIP}`,
    'until one is deleted',
  )
})

t.test('ServiceAllocator tells who holds an address and a node port', async t => {
  const allocator = allocatorOf(...dual)
  const { ports } = created(allocator, serviceOf('web', { type: 'NodePort' }))
  t.equal(allocator.addressOwner('10.96.0.165'), 'default/web')
  t.equal(allocator.addressOwner('10.96.0.166'), undefined)
  t.equal(allocator.nodePortOwner(ports[0]!.nodePort), 'default/web')
  t.equal(allocator.nodePortOwner(1), undefined)
})

t.test('ServiceAllocator uses the CIDRs of a family in the order given', async t => {
  const allocator = allocatorOf('10.96.0.0/30', 'fd00::/120', '10.97.0.0/30')
  const addresses = ['a', 'b', 'c', 'd'].map(
    name => created(allocator, serviceOf(name, {})).clusterIP,
  )
  t.same(
    addresses.map(address => address.slice(0, 6)),
    ['10.96.', '10.96.', '10.97.', '10.97.'],
  )
  t.same(
    allocator.cidrUsage().map(({ cidr, dynamic }) => [cidr, dynamic.taken]),
    [
      ['10.96.0.0/30', 2],
      ['10.97.0.0/30', 2],
      ['fd00::/120', 0],
    ],
  )
})

t.test('ServiceAllocator takes the family of the first CIDR as default', async t => {
  const allocator = allocatorOf('fd00::/120', '10.96.0.0/24')
  t.equal(summary(t, allocator.create(serviceOf('web', {}))), 'SingleStack IPv6 fd00::a4')
  const { clusterIP } = created(allocator, serviceOf('kubernetes', {}))
  t.equal(clusterIP, 'fd00::1')
})

t.test('ServiceAllocator warns of an IPv6 address that is not canonical', async t => {
  const allocator = allocatorOf(...dual)
  t.same(allocator.create(serviceOf('web', { clusterIP: 'FD00:0:0::A' })), {
    service: {
      ...serviceOf('web', {}),
      clusterIP: 'FD00:0:0::A',
      clusterIPs: ['FD00:0:0::A'],
      ipFamilies: ['IPv6'],
      ipFamilyPolicy: 'SingleStack',
    },
    warnings: [
      'spec.clusterIPs[0]: IPv6 address "FD00:0:0::A" should be in RFC 5952 canonical format ("fd00::a")',
    ],
  })
  t.equal(allocator.addressOwner('fd00::a'), 'default/web')
})

t.test('ServiceAllocator refuses CIDRs it cannot allocate from', async t => {
  t.throws(() => allocatorOf('fd00::/48'), RangeError)
  t.throws(() => allocatorOf(), { message: 'Cannot allocate: no service CIDR' })
})
