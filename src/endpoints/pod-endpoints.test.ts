import t from 'tap'
import { reducePod } from '../objects/pod.ts'
import { reduceService } from '../objects/service.ts'
import {
  endpointPortsOf,
  endpointsOf,
  isSameEndpoint,
  isUnchanged,
  portsKey,
} from './pod-endpoints.ts'

const ready = [{ type: 'Ready', status: 'True' }]
const status = { phase: 'Running', podIP: '10.0.0.1', conditions: ready }

t.test('endpointsOf() gives the conditions of the pod', async t => {
  for (const [name, pod, published, expected] of [
    ['ready', { status }, false, [true, true, false]],
    ['not ready', { status: { podIP: '10.0.0.1' } }, false, [false, false, false]],
    [
      'terminating and still serving',
      { metadata: { deletionTimestamp: 'x' }, status },
      false,
      [false, true, true],
    ],
    [
      'terminating, no longer serving',
      { metadata: { deletionTimestamp: 'x' }, status: { podIP: '10.0.0.1' } },
      false,
      [false, false, true],
    ],
    ['not ready, published', { status: { podIP: '10.0.0.1' } }, true, [true, false, false]],
    [
      'terminating, published',
      { metadata: { deletionTimestamp: 'x' }, status: { podIP: '10.0.0.1' } },
      true,
      [true, false, true],
    ],
  ] as const) {
    const service = reduceService({ spec: { publishNotReadyAddresses: published } })
    const [endpoint, ...more] = endpointsOf(service, reducePod(pod), 'IPv4')
    t.strictSame(more, [])
    t.strictSame([endpoint!.ready, endpoint!.serving, endpoint!.terminating], expected, name)
  }
})

t.test('endpointsOf() leaves out pods that have run to their end or have no address', async t => {
  const service = reduceService({ spec: { publishNotReadyAddresses: true } })
  for (const [phase, count] of [
    ['Pending', 1],
    ['Running', 1],
    ['Unknown', 1],
    ['Succeeded', 0],
    ['Failed', 0],
  ] as const) {
    const pod = reducePod({ status: { ...status, phase } })
    t.equal(endpointsOf(service, pod, 'IPv4').length, count, phase)
  }
  t.strictSame(endpointsOf(service, reducePod({ status: { conditions: ready } }), 'IPv4'), [])
})

t.test('endpointsOf() gives addresses of the family, printed canonically', async t => {
  const podIPs = [{ ip: '10.0.0.1' }, { ip: 'FD00:0::1' }, { ip: 'nonsense' }]
  const pod = reducePod({ status: { podIPs } })
  for (const [family, address] of [
    ['IPv4', '10.0.0.1'],
    ['IPv6', 'fd00::1'],
  ] as const) {
    const endpoints = endpointsOf(reduceService({}), pod, family)
    t.strictSame(
      endpoints.map(endpoint => endpoint.address),
      [address],
    )
  }
})

t.test('endpointsOf() names the host when the subdomain is the Service', async t => {
  for (const [hostname, subdomain, expected] of [
    ['db-0', 'db', 'db-0'],
    ['db-0', 'other', ''],
    ['db-0', '', ''],
    ['', 'db', ''],
  ] as const) {
    const pod = reducePod({
      metadata: { name: 'p' },
      spec: { hostname, subdomain, nodeName: 'node-1' },
      status,
    })
    const [endpoint] = endpointsOf(reduceService({ metadata: { name: 'db' } }), pod, 'IPv4')
    t.match(endpoint, { hostname: expected, nodeName: 'node-1', zone: '', podName: 'p' })
  }
})

t.test('endpointPortsOf() resolves target ports', async t => {
  const containerPorts = [
    { name: 'http', protocol: 'TCP', containerPort: 8080 },
    { name: 'http', protocol: 'TCP', containerPort: 8081 },
    { name: 'dns', protocol: 'TCP', containerPort: 5300 },
    { name: 'dns', protocol: 'UDP', containerPort: 5353 },
  ] as const
  for (const [ports, expected] of [
    [[{ port: 80 }], '/TCP/80'],
    [[{ port: 80, targetPort: 8000 }], '/TCP/8000'],
    [[{ name: 'a', port: 80, targetPort: 'http' }], 'a/TCP/8080'],
    [[{ port: 53, protocol: 'UDP', targetPort: 'dns' }], '/UDP/5353'],
    [[{ port: 53, protocol: 'SCTP', targetPort: 'dns' }], ''],
    [
      [
        { name: 'a', port: 80, targetPort: 'none' },
        { name: 'b', port: 81 },
      ],
      'b/TCP/81',
    ],
    [[], ''],
  ] as const) {
    const resolved = endpointPortsOf(reduceService({ spec: { ports } }), containerPorts)
    t.equal(portsKey(resolved), expected, JSON.stringify(ports))
  }
})

t.test('portsKey() does not depend on the order', async t => {
  const a = { name: 'a', protocol: 'TCP', port: 80 } as const
  const b = { name: 'b', protocol: 'UDP', port: undefined } as const
  t.equal(portsKey([a, b]), portsKey([b, a]))
  t.not(portsKey([a, b]), portsKey([a]))
  for (const other of [{ name: 'x' }, { protocol: 'SCTP' }, { port: 81 }] as const) {
    t.not(portsKey([{ ...a, ...other }]), portsKey([a]))
  }
})

t.test('isSameEndpoint() and isUnchanged() share the fields between them', async t => {
  const [endpoint] = endpointsOf(reduceService({}), reducePod({ status }), 'IPv4')
  const a = endpoint!
  for (const [change, isSame] of [
    [{}, true],
    [{ address: '10.0.0.2' }, false],
    [{ hostname: 'h' }, false],
    [{ podName: 'p' }, false],
  ] as const) {
    t.equal(isSameEndpoint(a, { ...a, ...change }), isSame, JSON.stringify(change))
    t.equal(isUnchanged(a, { ...a, ...change }), true)
  }
  for (const change of [
    { ready: false },
    { serving: false },
    { terminating: true },
    { nodeName: 'n' },
    { zone: 'z' },
  ]) {
    t.equal(isSameEndpoint(a, { ...a, ...change }), true)
    t.equal(isUnchanged(a, { ...a, ...change }), false, JSON.stringify(change))
  }
})

t.test('endpointsOf() takes the address of a pod without a status as it is', async t => {
  const pod = { ...reducePod({}), podIPs: ['10.0.0.1'], ready: true }
  const [endpoint] = endpointsOf(reduceService({}), pod, 'IPv4')
  t.match(endpoint, { address: '10.0.0.1', ready: true })
})
