import t from 'tap'
import { reduceEndpoints, reduceEndpointSlice } from './endpoint-slice.ts'
import type { RawObject } from './raw-value.ts'
import { renderEndpointSlice } from './render-endpoint-slice.ts'

const metadata = { namespace: 'shop', name: 'web' }

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
