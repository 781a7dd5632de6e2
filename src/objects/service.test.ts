import t from 'tap'
import { isHeadless, reduceService } from './service.ts'

t.test('reduceService() gives the defaults of the API server', async t => {
  const service = reduceService({ metadata: { namespace: 'default', name: 'web' } })
  t.match(service, {
    kind: 'Service',
    namespace: 'default',
    name: 'web',
    type: 'ClusterIP',
    clusterIP: '',
    clusterIPs: [],
    ipFamilies: [],
    ipFamilyPolicy: undefined,
    ports: [],
    selector: undefined,
    externalName: '',
    publishNotReadyAddresses: false,
    allocateLoadBalancerNodePorts: true,
    externalTrafficPolicy: 'Cluster',
    healthCheckNodePort: 0,
    externalIPs: [],
  })
})

t.test('reduceService() keeps what is given', async t => {
  const service = reduceService({
    metadata: { namespace: 'default', name: 'web', uid: 'u1', labels: { app: 'web' } },
    spec: {
      type: 'LoadBalancer',
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10', 'fd00::a'],
      ipFamilies: ['IPv4', 'IPv6'],
      ipFamilyPolicy: 'RequireDualStack',
      ports: [{ port: 80 }],
      selector: { app: 'web' },
      externalName: 'example.com',
      publishNotReadyAddresses: true,
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30001,
      externalIPs: ['192.0.2.1'],
    },
  })
  t.equal(service.uid, 'u1')
  t.equal(service.labels['app'], 'web')
  t.equal(service.selector?.['app'], 'web')
  t.match(service, {
    type: 'LoadBalancer',
    clusterIP: '10.96.0.10',
    clusterIPs: ['10.96.0.10', 'fd00::a'],
    ipFamilies: ['IPv4', 'IPv6'],
    ipFamilyPolicy: 'RequireDualStack',
    externalName: 'example.com',
    publishNotReadyAddresses: true,
    allocateLoadBalancerNodePorts: false,
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 30001,
    externalIPs: ['192.0.2.1'],
  })
})

t.test('reduceService() reads an empty selector as none', async t => {
  t.equal(reduceService({ spec: { selector: {} } }).selector, undefined)
  t.equal(reduceService({ spec: { selector: null } }).selector, undefined)
})

t.test('reduceService() gives a port its defaults', async t => {
  const full = {
    name: 'dns',
    protocol: 'UDP',
    port: 53,
    targetPort: 'dns',
    nodePort: 30053,
    appProtocol: 'x/y',
  }
  for (const [api, expected] of [
    [
      { port: 80 },
      { name: '', protocol: 'TCP', port: 80, targetPort: 80, nodePort: 0, appProtocol: undefined },
    ],
    [{}, { port: 0, targetPort: 0 }],
    [{ port: 80, targetPort: 8080 }, { targetPort: 8080 }],
    [{ port: 80, targetPort: 'http' }, { targetPort: 'http' }],
    [{ port: 80, targetPort: '' }, { targetPort: 80 }],
    [{ port: 80, targetPort: 0 }, { targetPort: 80 }],
    [full, full],
  ] as const) {
    t.match(reduceService({ spec: { ports: [api] } }).ports[0], expected, JSON.stringify(api))
  }
})

t.test('isHeadless() is true for clusterIP None', async t => {
  for (const [spec, expected] of [
    [{}, false],
    [{ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] }, false],
    [{ clusterIP: 'None', clusterIPs: ['None'] }, true],
    // As people write it, before the API server has filled in the list.
    [{ clusterIP: 'None' }, true],
    [{ type: 'ExternalName', clusterIP: 'None', clusterIPs: ['None'] }, false],
  ] as const) {
    t.equal(isHeadless(reduceService({ spec })), expected, JSON.stringify(spec))
  }
})

t.test('reduceService() reads where a load balancer is, if anywhere', async t => {
  const ingress = [{ ip: '192.0.2.1', hostname: 'both.example' }, { hostname: 'lb.example' }, {}]
  const service = reduceService({ spec: {}, status: { loadBalancer: { ingress } } })
  t.strictSame(service.loadBalancer, ['192.0.2.1', 'lb.example'])
  t.notOk('loadBalancer' in reduceService({ status: { loadBalancer: {} } }))
})
