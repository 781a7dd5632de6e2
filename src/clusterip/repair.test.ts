import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { ServiceAllocator } from './service-allocator.ts'

function serviceOf(name: string, spec: Readonly<Record<string, unknown>>): Service {
  return reduceService({ metadata: { namespace: 'default', name }, spec })
}

function allocator(): ServiceAllocator {
  return new ServiceAllocator({ serviceCidrs: [parseCidr('10.96.0.0/24')!] })
}

const web = { clusterIP: '10.96.0.20', clusterIPs: ['10.96.0.20'], ipFamilies: ['IPv4'] }
const nodePort = { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }

t.test('ServiceAllocator.restore() marks what a Service has', async t => {
  const pools = allocator()
  t.same(pools.restore(serviceOf('web', { ...web, ...nodePort })), [])
  t.equal(pools.addressOwner('10.96.0.20'), 'default/web')
  t.equal(pools.nodePortOwner(30080), 'default/web')
  t.same(pools.restore(serviceOf('none', { clusterIP: 'None', clusterIPs: ['None'] })), [])
  t.same(pools.restore(serviceOf('name', { type: 'ExternalName', externalName: 'a.b' })), [])
})

t.test('ServiceAllocator.restore() names what the repair loops would', async t => {
  const cases: [spec: Readonly<Record<string, unknown>>, ...findings: string[]][] = [
    [
      { ...web, ...nodePort },
      'ClusterIPAlreadyAllocated: Cluster IP [IPv4]: 10.96.0.20 was assigned to multiple services (held by default/web); please recreate service',
      'PortAlreadyAllocated: Port 30080 was assigned to multiple services (held by default/web); please recreate service',
    ],
    [
      { clusterIP: '10.96.1.1', clusterIPs: ['10.96.1.1'] },
      'ClusterIPOutOfRange: Cluster IP [IPv4]: 10.96.1.1 is not within any service CIDR; please recreate service',
    ],
    [
      { clusterIP: 'fd00::1', clusterIPs: ['fd00::1'] },
      'ClusterIPOutOfRange: Cluster IP [IPv6]: fd00::1 is not within any service CIDR; please recreate service',
    ],
    [
      { clusterIP: 'web', clusterIPs: ['web'] },
      'ClusterIPNotValid: Cluster IP web is not a valid IP; please recreate service',
    ],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
      'PortOutOfRange: Port 80 is not within the port range 30000-32767; please recreate service',
    ],
  ]
  for (const [spec, ...findings] of cases) {
    const pools = allocator()
    pools.restore(serviceOf('web', { ...web, ...nodePort }))
    const found = pools.restore(serviceOf('other', spec))
    t.same(
      found.map(({ reason, message }) => `${reason}: ${message}`),
      findings,
      JSON.stringify(spec),
    )
  }
})

t.test('an address that two Services had stays taken until both are gone', async t => {
  const pools = allocator()
  const [one, two] = [serviceOf('one', web), serviceOf('two', web)]
  pools.restore(one)
  pools.restore(two)
  pools.delete(one)
  t.equal(pools.addressOwner('10.96.0.20'), 'default/two')
  pools.delete(two)
  t.equal(pools.addressOwner('10.96.0.20'), undefined)
})
