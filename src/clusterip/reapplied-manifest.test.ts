import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { isReapplied } from './reapplied-manifest.ts'
import { ServiceAllocator } from './service-allocator.ts'

type Spec = Readonly<Record<string, unknown>>

function serviceOf(spec: Spec): Service {
  return reduceService({ metadata: { namespace: 'default', name: 'web' }, spec })
}

function created(manifest: Service): Service {
  const serviceCidrs = ['10.96.0.0/24', 'fd00::/120'].map(text => parseCidr(text)!)
  const outcome = new ServiceAllocator({ serviceCidrs }).create(manifest)
  if ('errors' in outcome) throw new Error(JSON.stringify(outcome.errors))
  return outcome.service
}

const ports = [{ port: 80 }]
const prefer = { ipFamilyPolicy: 'PreferDualStack', ports }

t.test('isReapplied() is true for the manifest that made a Service', async t => {
  const specs: Spec[] = [
    { ports },
    prefer,
    { ...prefer, ipFamilies: ['IPv4'] },
    { ...prefer, clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10'] },
    { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
    { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports },
    { clusterIP: 'None', selector: { app: 'web' } },
    { type: 'ExternalName', externalName: 'a.b' },
  ]
  for (const spec of specs)
    t.equal(isReapplied(serviceOf(spec), created(serviceOf(spec))), true, JSON.stringify(spec))
})

t.test('isReapplied() is false where the manifest asks for something else', async t => {
  const cases: [before: Spec, after: Spec][] = [
    [{ ports }, { ports: [{ port: 81 }] }],
    [{ ports }, { ports, selector: { app: 'web' } }],
    [{ ports }, { type: 'NodePort', ports }],
    [{ ports }, prefer],
    [{ ports }, { ports, clusterIP: '10.96.0.10' }],
    [{ ports }, { ports, ipFamilies: ['IPv6'] }],
    [prefer, { ...prefer, clusterIPs: ['10.96.0.10'] }],
    [prefer, { ports, ipFamilyPolicy: 'SingleStack' }],
    [
      { type: 'NodePort', ports },
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
    ],
    [
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports },
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 31000, ports },
    ],
  ]
  for (const [before, after] of cases)
    t.equal(isReapplied(serviceOf(after), created(serviceOf(before))), false, JSON.stringify(after))
})
