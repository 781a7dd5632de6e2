import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { renderFieldErrors } from './field-error.ts'
import type { PortRange } from './port-pool.ts'
import { type AllocationOutcome, ServiceAllocator } from './service-allocator.ts'

type Spec = Readonly<Record<string, unknown>>

function allocatorOf(nodePortRange?: PortRange): ServiceAllocator {
  const serviceCidrs = [parseCidr('10.96.0.0/24')!]
  return new ServiceAllocator({ serviceCidrs, ...(nodePortRange && { nodePortRange }) })
}

function serviceOf(name: string, spec: Spec): Service {
  return reduceService({ metadata: { namespace: 'default', name }, spec })
}

/** Node ports and, after a slash, the health check node port; or the message. */
function summary(outcome: AllocationOutcome): string {
  if ('errors' in outcome) return renderFieldErrors('web', outcome.errors)
  const { ports, healthCheckNodePort } = outcome.service
  return `${ports.map(port => port.nodePort).join()}/${healthCheckNodePort}`
}

const dns = [
  { name: 'dns', protocol: 'UDP', port: 53 },
  { name: 'dns-tcp', port: 53 },
]
const web = [{ port: 80 }]
const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }
const invalid = 'Service "web" is invalid: '
const taken = 'provided port is already allocated'

/** What the names `default/web` with 80, 53 and its health check lead to. */
const [P80, P53, HEALTH] = [30595, 32417, 30457]

t.test('ServiceAllocator.create() gives node ports', async t => {
  const cases: [spec: Spec, outcome: string][] = [
    [{ type: 'NodePort', ports: web }, `${P80}/0`],
    [{ type: 'LoadBalancer', ports: web }, `${P80}/0`],
    [{ ports: web }, '0/0'],
    [{ ...local, ports: web }, `${P80}/${HEALTH}`],
    [{ ...local, healthCheckNodePort: 31000, ports: web }, `${P80}/31000`],
    [{ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: dns }, '0,0/0'],
    [
      {
        type: 'LoadBalancer',
        allocateLoadBalancerNodePorts: false,
        ports: [dns[0], { ...dns[1], nodePort: 30053 }],
      },
      '0,30053/0',
    ],
    [{ type: 'NodePort', ports: dns }, `${P53},${P53}/0`],
    [{ type: 'NodePort', ports: [dns[0], { ...dns[1], nodePort: 30053 }] }, '30053,30053/0'],
    [
      {
        type: 'NodePort',
        ports: [
          { ...dns[0], nodePort: 30053 },
          { ...dns[1], nodePort: 30054 },
        ],
      },
      '30053,30054/0',
    ],
    [
      // What port 81 asks for is where port 80 would have gone.
      {
        type: 'NodePort',
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 81, nodePort: P80 },
        ],
      },
      `${P80 + 1},${P80}/0`,
    ],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30099 }] },
      `${invalid}spec.ports[0].nodePort: Invalid value: 30099: ${taken}`,
    ],
    [
      { type: 'NodePort', ports: [dns[0], { ...dns[1], nodePort: 30099 }] },
      `${invalid}spec.ports[0].nodePort: Invalid value: 30099: ${taken}`,
    ],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
      `${invalid}spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767`,
    ],
    [
      {
        type: 'NodePort',
        ports: [
          { name: 'a', port: 80, nodePort: 30080 },
          { name: 'b', port: 81, nodePort: 30080 },
        ],
      },
      `${invalid}spec.ports[1].nodePort: Invalid value: 30080: ${taken}`,
    ],
    [
      {
        type: 'NodePort',
        ports: [
          { name: 'a', port: 80, nodePort: 30080 },
          { name: 'b', port: 80, nodePort: 30080 },
        ],
      },
      `${invalid}spec.ports[1].nodePort: Duplicate value: 30080`,
    ],
    [
      { ports: [{ port: 80, nodePort: 30080 }] },
      `${invalid}spec.ports[0].nodePort: Forbidden: may not be used when \`type\` is 'ClusterIP'`,
    ],
    [
      { ports: web, healthCheckNodePort: 31000 },
      `${invalid}spec.healthCheckNodePort: Invalid value: 31000: may only be set when \`type\` is 'LoadBalancer' and \`externalTrafficPolicy\` is 'Local'`,
    ],
    [
      { ...local, healthCheckNodePort: 30099, ports: web },
      `Internal error occurred: failed to allocate requested HealthCheck NodePort 30099: ${taken}`,
    ],
    [
      { ...local, healthCheckNodePort: 80, ports: web },
      'Internal error occurred: failed to allocate requested HealthCheck NodePort 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  ]
  for (const [spec, expected] of cases) {
    const allocator = allocatorOf()
    allocator.create(
      serviceOf('other', { type: 'NodePort', ports: [{ port: 99, nodePort: 30099 }] }),
    )
    const before = [allocator.cidrUsage(), allocator.nodePortUsage()]
    const outcome = allocator.create(serviceOf('web', spec))
    t.equal(summary(outcome), expected, JSON.stringify(spec))
    if ('service' in outcome) allocator.delete(outcome.service)
    t.same([allocator.cidrUsage(), allocator.nodePortUsage()], before, 'nothing leaks')
  }
})

t.test('ServiceAllocator.create() answers a full port range with an internal error', async t => {
  const allocator = allocatorOf({ first: 30000, last: 30000 })
  const cases: [name: string, spec: Spec, outcome: string][] = [
    [
      'one',
      { ...local, ports: web },
      'Internal error occurred: failed to allocate a HealthCheck NodePort 0: range is full',
    ],
    ['two', { type: 'NodePort', ports: dns }, '30000,30000/0'],
    [
      'three',
      { type: 'NodePort', ports: web },
      'Internal error occurred: failed to allocate a nodePort: range is full',
    ],
  ]
  for (const [name, spec, expected] of cases)
    t.equal(summary(allocator.create(serviceOf(name, spec))), expected, name)
})

t.test('ServiceAllocator.update() keeps, takes and releases node ports', async t => {
  const nodePort = { type: 'NodePort', ports: web }
  const cases: [title: string, before: Spec, after: Spec, outcome: string][] = [
    ['the same manifest', nodePort, nodePort, `${P80}/0`],
    ['to ClusterIP', nodePort, { ports: web }, '0/0'],
    ['to ClusterIP, with what it had', nodePort, { ports: [{ port: 80, nodePort: P80 }] }, '0/0'],
    [
      'to ClusterIP with another port',
      nodePort,
      { ports: [{ port: 80, nodePort: 30081 }] },
      `${invalid}spec.ports[0].nodePort: Forbidden: may not be used when \`type\` is 'ClusterIP'`,
    ],
    ['to ExternalName', nodePort, { type: 'ExternalName', externalName: 'a.b' }, '/0'],
    ['from ClusterIP', { ports: web }, nodePort, `${P80}/0`],
    ['from ClusterIP, shared', { ports: dns }, { type: 'NodePort', ports: dns }, `${P53},${P53}/0`],
    ['from ExternalName', { type: 'ExternalName', externalName: 'a.b' }, nodePort, `${P80}/0`],
    [
      'to another node port',
      nodePort,
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30081 }] },
      '30081/0',
    ],
    [
      'to a taken node port',
      nodePort,
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30099 }] },
      `${invalid}spec.ports[0].nodePort: Invalid value: 30099: ${taken}`,
    ],
    [
      'to one node port for two numbers',
      nodePort,
      {
        type: 'NodePort',
        ports: [
          { name: 'a', port: 80, nodePort: 30081 },
          { name: 'b', port: 81, nodePort: 30081 },
        ],
      },
      `${invalid}spec.ports[1].nodePort: Duplicate value: 30081`,
    ],
    ['to another port number', nodePort, { type: 'NodePort', ports: [{ port: 81 }] }, `${P80}/0`],
    [
      'to Local',
      { type: 'LoadBalancer', ports: web },
      { ...local, ports: web },
      `${P80}/${HEALTH}`,
    ],
    ['Local again', { ...local, ports: web }, { ...local, ports: web }, `${P80}/${HEALTH}`],
    ['from Local', { ...local, ports: web }, { type: 'LoadBalancer', ports: web }, `${P80}/0`],
    [
      'to another health check node port',
      { ...local, ports: web },
      { ...local, ports: web, healthCheckNodePort: 31000 },
      `${invalid}spec.healthCheckNodePort: Forbidden: field is immutable`,
    ],
    [
      'to its own health check node port',
      { ...local, ports: web },
      { ...local, ports: [{ port: 80, nodePort: HEALTH }] },
      `${invalid}spec.ports[0].nodePort: Invalid value: ${HEALTH}: ${taken}`,
    ],
  ]
  for (const [title, from, to, expected] of cases) {
    const allocator = allocatorOf()
    const other = { type: 'NodePort', ports: [{ port: 99, nodePort: 30099 }] }
    allocator.create(serviceOf('other', other))
    const before = allocator.create(serviceOf('web', from))
    if ('errors' in before) throw new Error(title)
    const usage = allocator.nodePortUsage()
    const outcome = allocator.update(before.service, serviceOf('web', to))
    t.equal(summary(outcome), expected, title)
    if ('errors' in outcome) t.same(allocator.nodePortUsage(), usage, `${title}: nothing changed`)
    else {
      allocator.delete(outcome.service)
      const left = allocator.nodePortUsage()
      t.equal(left.dynamic.taken + left.static.taken, 1, `${title}: nothing leaks`)
    }
  }
})
