import t from 'tap'
import { renderService } from './render-service.ts'
import type { RawObject } from './raw-value.ts'
import { reduceService } from './service.ts'

const metadata = { namespace: 'shop', name: 'web' }
const port = { name: 'http', protocol: 'TCP', port: 80, targetPort: 'http' }

const specs: Readonly<Record<string, RawObject>> = {
  'as a cluster shows it': {
    clusterIP: '10.96.0.9',
    clusterIPs: ['10.96.0.9', 'fd00::9'],
    ipFamilies: ['IPv4', 'IPv6'],
    ipFamilyPolicy: 'PreferDualStack',
    ports: [{ ...port, appProtocol: 'grpc' }],
    selector: { app: 'web' },
    type: 'ClusterIP',
  },
  headless: {
    clusterIP: 'None',
    clusterIPs: ['None'],
    publishNotReadyAddresses: true,
    type: 'ClusterIP',
  },
  'an alias': { externalName: 'www.example.org', type: 'ExternalName' },
  'for a load balancer': {
    allocateLoadBalancerNodePorts: true,
    clusterIP: '10.96.0.9',
    externalIPs: ['192.0.2.1'],
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 30_001,
    ports: [{ nodePort: 30_000, port: 80, protocol: 'TCP', targetPort: 8080 }],
    type: 'LoadBalancer',
  },
}

for (const [name, spec] of Object.entries(specs)) {
  t.test(`renderService() shows what reduceService() read: ${name}`, async t => {
    const api = { apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, uid: 'u' }, spec }
    const rendered = renderService(reduceService(api))
    t.same(rendered, { ...api, status: { loadBalancer: {} } })
  })
}

t.test('renderService() shows labels when there are any', async t => {
  const labels = { app: 'web' }
  t.match(renderService(reduceService({ metadata: { ...metadata, labels }, spec: {} })), {
    metadata: { labels },
  })
})

t.test('renderService() shows where the load balancer is', async t => {
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { hostname: 'lb.example' }] } }
  t.same(renderService(reduceService({ metadata, spec: {}, status }))['status'], status)
})
