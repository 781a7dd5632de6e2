import t from 'tap'
import { reduceService, type Service } from '../objects/service.ts'
import { dropUnusedFields, keepAllocatedValues, linkClusterIps } from './linked-fields.ts'

type Spec = Readonly<Record<string, unknown>>

function serviceOf(spec: Spec): Service {
  return reduceService({ spec })
}

const held = { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00::1'] }
const dns = [
  { name: 'dns', protocol: 'UDP', port: 53 },
  { name: 'dns-tcp', port: 53 },
]

t.test('linkClusterIps() lets clusterIPs follow clusterIP', async t => {
  const cases: [after: Spec, before: Spec | undefined, clusterIPs: string[]][] = [
    [{ clusterIP: '10.96.0.1' }, undefined, ['10.96.0.1']],
    [{ clusterIPs: ['10.96.0.1'] }, undefined, ['10.96.0.1']],
    [held, undefined, held.clusterIPs],
    [{}, undefined, []],
    [{ clusterIP: '10.96.0.1' }, held, held.clusterIPs],
    [{ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] }, held, ['10.96.0.1']],
    [{ clusterIPs: held.clusterIPs }, held, []],
    [{ clusterIPs: ['10.96.0.2'] }, held, ['10.96.0.2']],
    [{ clusterIP: '10.96.0.2', clusterIPs: held.clusterIPs }, held, ['10.96.0.2']],
    [{ clusterIP: '10.96.0.2' }, held, []],
    [{ clusterIP: '10.96.0.2' }, { type: 'ExternalName' }, ['10.96.0.2']],
  ]
  for (const [after, before, clusterIPs] of cases) {
    const linked = linkClusterIps(serviceOf(after), before && serviceOf(before))
    t.same(linked.clusterIPs, clusterIPs, `${JSON.stringify(after)} ${JSON.stringify(before)}`)
  }
})

t.test('keepAllocatedValues() fills in what the manifest leaves out', async t => {
  const before = serviceOf({
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 31000,
    ...held,
    ports: [
      { ...dns[0], nodePort: 30053 },
      { ...dns[1], nodePort: 30054 },
    ],
  })
  const bare = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: dns }
  const kept = keepAllocatedValues(serviceOf(bare), before)
  t.same({ clusterIP: kept.clusterIP, clusterIPs: kept.clusterIPs }, held)
  t.same(
    kept.ports.map(port => port.nodePort),
    [30053, 30054],
  )
  t.equal(kept.healthCheckNodePort, 31000)

  const swapped = [dns[0], { ...dns[1], nodePort: 30053 }, { name: 'new', port: 80 }]
  const ports = keepAllocatedValues(serviceOf({ ...bare, ports: swapped }), before).ports
  t.same(
    ports.map(port => port.nodePort),
    [0, 30053, 0],
    'not a node port that is named elsewhere',
  )
  const own = { ...bare, clusterIP: '10.96.0.9', healthCheckNodePort: 31001 }
  t.match(keepAllocatedValues(serviceOf({ ...own, clusterIPs: ['10.96.0.9'] }), before), {
    clusterIP: '10.96.0.9',
    clusterIPs: ['10.96.0.9'],
    healthCheckNodePort: 31001,
  })
  t.match(keepAllocatedValues(serviceOf({ type: 'ExternalName', ports: dns }), before), {
    clusterIP: '',
    clusterIPs: [],
    healthCheckNodePort: 0,
    ports: [{ nodePort: 0 }, { nodePort: 0 }],
  })
})

t.test('dropUnusedFields() drops what was not changed', async t => {
  const before = serviceOf({
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 31000,
    ...held,
    ipFamilies: ['IPv4', 'IPv6'],
    ipFamilyPolicy: 'PreferDualStack',
    ports: [{ port: 80, nodePort: 30080 }],
  })
  const external = { ...before, type: 'ExternalName' } as const
  t.match(dropUnusedFields(external, before), {
    clusterIP: '',
    clusterIPs: [],
    ipFamilies: [],
    ipFamilyPolicy: undefined,
    healthCheckNodePort: 0,
    ports: [{ nodePort: 0 }],
  })
  const changed: Service = {
    ...external,
    clusterIPs: ['10.96.0.2'],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    healthCheckNodePort: 31001,
    ports: [{ ...before.ports[0]!, nodePort: 30081 }],
  }
  t.same(dropUnusedFields(changed, before), changed)
  t.same(dropUnusedFields(before, before), before)
  const plain = { ...before, type: 'ClusterIP' } as const
  t.match(dropUnusedFields(plain, before), { ...held, ports: [{ nodePort: 0 }] })
})
