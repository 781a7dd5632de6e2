import t from 'tap'
import { reduceEndpoints, reduceEndpointSlice } from './endpoint-slice.ts'
import type { RawObject } from './raw-value.ts'
import { renderEndpointSlice } from './render-endpoint-slice.ts'
import { renderService } from './render-service.ts'
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

t.test('renderEndpointSlice() shows what reduceEndpointSlice() read', async t => {
  const api = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: 'IPv4',
    endpoints: [
      {
        addresses: ['10.244.0.1'],
        conditions: { ready: false, serving: true, terminating: true },
        hostname: 'web-0',
        nodeName: 'node-1',
        targetRef: { kind: 'Pod', name: 'web-0', namespace: 'shop' },
        zone: 'a',
      },
      { addresses: ['10.244.0.2'], conditions: { ready: true, serving: true, terminating: false } },
    ],
    metadata: {
      ...metadata,
      labels: {
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': 'web',
      },
    },
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: '', protocol: 'UDP' },
    ],
  }
  t.same(renderEndpointSlice(reduceEndpointSlice(api)), api)
})

t.test(
  'renderEndpointSlice() shows a mirror of Endpoints with the name of its Service',
  async t => {
    const [mirror] = reduceEndpoints({ metadata, subsets: [{ addresses: [{ ip: '192.0.2.1' }] }] })
    const { labels } = renderEndpointSlice(mirror!)['metadata'] as { labels: RawObject }
    t.same(labels, { 'kubernetes.io/service-name': 'web' })
  },
)
