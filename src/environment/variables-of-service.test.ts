import t from 'tap'
import { reduceService } from '../objects/service.ts'
import { variablesOf } from './variables-of-service.ts'

interface Case {
  readonly name: string
  readonly service?: string
  readonly clusterIP?: string
  readonly ports: readonly object[]
  readonly lines: readonly string[]
}

/** Kubernetes, "Service": Discovering services, Environment variables; the kubelet's envvars. */
const cases: readonly Case[] = [
  {
    name: 'one unnamed port has 7 variables',
    service: 'redis-primary',
    clusterIP: '10.0.0.11',
    ports: [{ port: 6379 }],
    lines: [
      'REDIS_PRIMARY_SERVICE_HOST=10.0.0.11',
      'REDIS_PRIMARY_SERVICE_PORT=6379',
      'REDIS_PRIMARY_PORT=tcp://10.0.0.11:6379',
      'REDIS_PRIMARY_PORT_6379_TCP=tcp://10.0.0.11:6379',
      'REDIS_PRIMARY_PORT_6379_TCP_PROTO=tcp',
      'REDIS_PRIMARY_PORT_6379_TCP_PORT=6379',
      'REDIS_PRIMARY_PORT_6379_TCP_ADDR=10.0.0.11',
    ],
  },
  {
    name: 'the first port also has a variable of its name; targetPort and nodePort do not count',
    ports: [
      { name: 'http', port: 80, targetPort: 8080, nodePort: 30080 },
      { name: 'dns-udp', port: 53, protocol: 'UDP' },
      { port: 132, protocol: 'SCTP' },
    ],
    lines: [
      'WEB_SERVICE_HOST=10.0.0.1',
      'WEB_SERVICE_PORT=80',
      'WEB_SERVICE_PORT_HTTP=80',
      'WEB_SERVICE_PORT_DNS_UDP=53',
      'WEB_PORT=tcp://10.0.0.1:80',
      'WEB_PORT_80_TCP=tcp://10.0.0.1:80',
      'WEB_PORT_80_TCP_PROTO=tcp',
      'WEB_PORT_80_TCP_PORT=80',
      'WEB_PORT_80_TCP_ADDR=10.0.0.1',
      'WEB_PORT_53_UDP=udp://10.0.0.1:53',
      'WEB_PORT_53_UDP_PROTO=udp',
      'WEB_PORT_53_UDP_PORT=53',
      'WEB_PORT_53_UDP_ADDR=10.0.0.1',
      'WEB_PORT_132_SCTP=sctp://10.0.0.1:132',
      'WEB_PORT_132_SCTP_PROTO=sctp',
      'WEB_PORT_132_SCTP_PORT=132',
      'WEB_PORT_132_SCTP_ADDR=10.0.0.1',
    ],
  },
  {
    name: 'IPv6 is in brackets before a port only',
    clusterIP: 'fd00::1',
    ports: [{ port: 80 }],
    lines: [
      'WEB_SERVICE_HOST=fd00::1',
      'WEB_SERVICE_PORT=80',
      'WEB_PORT=tcp://[fd00::1]:80',
      'WEB_PORT_80_TCP=tcp://[fd00::1]:80',
      'WEB_PORT_80_TCP_PROTO=tcp',
      'WEB_PORT_80_TCP_PORT=80',
      'WEB_PORT_80_TCP_ADDR=fd00::1',
    ],
  },
]

t.test('variablesOf() gives the names and values of the kubelet in its order', async t => {
  for (const { name, service = 'web', clusterIP = '10.0.0.1', ports, lines } of cases) {
    const api = {
      metadata: { namespace: 'default', name: service },
      spec: { clusterIP, clusterIPs: [clusterIP, 'fd00::ffff'], ports },
    }
    const variables = variablesOf(reduceService(api))
    t.strictSame(
      variables.map(variable => `${variable.name}=${variable.value}`),
      lines,
      name,
    )
    for (const variable of variables) {
      t.equal(variable.service, `default/${service}`)
    }
  }
})

t.test('variablesOf() leaves a leading digit', async t => {
  const spec = { clusterIP: '10.0.0.1', ports: [{ port: 80 }] }
  const [first] = variablesOf(reduceService({ metadata: { name: '3scale' }, spec }))
  t.equal(first?.name, '3SCALE_SERVICE_HOST')
})
