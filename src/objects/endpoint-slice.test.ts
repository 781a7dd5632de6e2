import t from 'tap'
import {
  isMirroredSlice,
  reduceEndpoints,
  reduceEndpointSlice,
  sliceLabels,
} from './endpoint-slice.ts'

const metadata = {
  namespace: 'default',
  name: 'web-x',
  labels: { 'kubernetes.io/service-name': 'web' },
}

t.test('reduceEndpointSlice() makes one endpoint of every address', async t => {
  const slice = reduceEndpointSlice({
    metadata,
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 80 }],
    endpoints: [
      {
        addresses: ['10.0.0.1', '10.0.0.2'],
        hostname: 'a',
        nodeName: 'node-1',
        zone: 'z1',
        targetRef: { kind: 'Pod', name: 'web-a' },
      },
      { addresses: ['10.0.0.3'], targetRef: { kind: 'Node', name: 'n' } },
    ],
  })
  const first = {
    hostname: 'a',
    ready: true,
    serving: true,
    terminating: false,
    nodeName: 'node-1',
    zone: 'z1',
    podName: 'web-a',
  }
  t.same(slice, {
    kind: 'EndpointSlice',
    namespace: 'default',
    name: 'web-x',
    serviceName: 'web',
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
    endpoints: [
      { address: '10.0.0.1', ...first },
      { address: '10.0.0.2', ...first },
      {
        address: '10.0.0.3',
        hostname: '',
        ready: true,
        serving: true,
        terminating: false,
        nodeName: '',
        zone: '',
        podName: '',
      },
    ],
  })
})

t.test(
  'reduceEndpointSlice() reads conditions that are not given as ready and serving',
  async t => {
    for (const [conditions, expected] of [
      [undefined, [true, true, false]],
      [{}, [true, true, false]],
      [{ ready: null }, [true, true, false]],
      [{ ready: false }, [false, true, false]],
      [{ ready: false, serving: false, terminating: true }, [false, false, true]],
    ] as const) {
      const api = { metadata, endpoints: [{ addresses: ['10.0.0.1'], conditions }] }
      const { ready, serving, terminating } = reduceEndpointSlice(api).endpoints[0]!
      t.same([ready, serving, terminating], expected, JSON.stringify(conditions) ?? 'none')
    }
  },
)

t.test('reduceEndpointSlice() reads an object without anything', async t => {
  t.same(reduceEndpointSlice({}), {
    kind: 'EndpointSlice',
    namespace: '',
    name: '',
    serviceName: '',
    addressType: 'IPv4',
    ports: [],
    endpoints: [],
  })
})

t.test('a port without a number means all ports, and a protocol left out is TCP', async t => {
  const { ports } = reduceEndpointSlice({
    metadata,
    ports: [{}, { name: 'dns', protocol: 'UDP', port: 53 }],
  })
  t.same(ports, [
    { name: '', protocol: 'TCP', port: undefined },
    { name: 'dns', protocol: 'UDP', port: 53 },
  ])
})

t.test(
  'reduceEndpoints() mirrors every subset in each family that it has addresses of',
  async t => {
    const slices = reduceEndpoints({
      metadata: { namespace: 'default', name: 'ext' },
      subsets: [
        {
          addresses: [
            {
              ip: '192.0.2.1',
              hostname: 'a',
              nodeName: 'n1',
              targetRef: { kind: 'Pod', name: 'p' },
            },
            { ip: '2001:db8::1' },
          ],
          notReadyAddresses: [{ ip: '192.0.2.2' }],
          ports: [{ name: 'http', port: 80 }],
        },
        { addresses: [{ ip: '192.0.2.3' }, { ip: 'not an address' }] },
        {},
      ],
    })
    t.same(
      slices.map(({ name, serviceName, addressType, ports }) => ({
        name,
        serviceName,
        addressType,
        ports: ports.length,
      })),
      [
        { name: 'ext~0-ipv4', serviceName: 'ext', addressType: 'IPv4', ports: 1 },
        { name: 'ext~0-ipv6', serviceName: 'ext', addressType: 'IPv6', ports: 1 },
        { name: 'ext~1-ipv4', serviceName: 'ext', addressType: 'IPv4', ports: 0 },
      ],
    )
    t.ok(slices.every(isMirroredSlice))
    t.notOk(isMirroredSlice(reduceEndpointSlice({ metadata })))
    t.same(slices[0]!.endpoints, [
      {
        address: '192.0.2.1',
        hostname: 'a',
        ready: true,
        serving: true,
        terminating: false,
        nodeName: 'n1',
        zone: '',
        podName: 'p',
      },
      {
        address: '192.0.2.2',
        hostname: '',
        ready: false,
        serving: false,
        terminating: false,
        nodeName: '',
        zone: '',
        podName: '',
      },
    ])
  },
)

t.test('sliceLabels() gives the labels that reduceEndpointSlice() read', async t => {
  for (const labels of [
    {},
    { 'kubernetes.io/service-name': 'web' },
    {
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      'kubernetes.io/service-name': 'web',
    },
    { 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' },
  ]) {
    t.same(sliceLabels(reduceEndpointSlice({ metadata: { labels } })), labels)
    t.notOk('labels' in reduceEndpointSlice({ metadata: { labels } }), 'fields stand for them')
  }
})

t.test('reduceEndpoints() mirrors nothing whose writer makes slices itself', async t => {
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' }
  const subsets = [{ addresses: [{ ip: '10.0.0.1' }] }]
  t.strictSame(reduceEndpoints({ metadata: { name: 'web', labels }, subsets }), [])
})

t.test('reduceEndpointSlice() keeps other labels, unless they are not wanted', async t => {
  const labels = {
    app: 'web',
    'endpointslice.kubernetes.io/managed-by': 'me',
    'kubernetes.io/service-name': 'web',
  }
  const kept = reduceEndpointSlice({ metadata: { labels } })
  t.same(kept.labels, { app: 'web', 'endpointslice.kubernetes.io/managed-by': 'me' })
  t.same(sliceLabels(kept), labels)
  t.notOk('labels' in reduceEndpointSlice({ metadata: { labels } }, { labels: 'drop' }))
})

t.test('reduceEndpoints() gives a mirror the labels of its object', async t => {
  const subsets = [{ addresses: [{ ip: '10.0.0.1' }] }]
  const [mirror] = reduceEndpoints({ metadata: { name: 'web', labels: { app: 'web' } }, subsets })
  t.same(mirror!.labels, { app: 'web' })
})
