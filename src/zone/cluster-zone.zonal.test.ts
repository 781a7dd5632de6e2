import t from 'tap'
import { endpoint, namespace, service, slice, upserts } from '../../test/support/cluster-objects.ts'
import { checkCases, type QueryCase } from '../../test/support/query-cases.ts'
import { TestZone } from '../../test/support/test-zone.ts'

const nodata = { authority: 'soa' } as const
const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const
const base = 'db.default.svc.cluster.local.'

const objects = [
  namespace('default'),
  service('default/db', { ips: ['None'] }),
  service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'] }),
  service('default/empty', { ips: ['None'] }),
  slice('default/db/a', {
    ports: ['sql:5432'],
    endpoints: [
      endpoint('172.0.0.1', { hostname: 'one', zone: 'Zone-A' }),
      endpoint('172.0.0.2', { hostname: 'two', zone: 'zone.b' }),
      endpoint('172.0.0.3', { hostname: 'three' }),
      endpoint('172.0.0.4', { hostname: 'long', zone: 'x'.repeat(64) }),
      endpoint('172.0.0.5', { hostname: 'away', zone: 'zone-c', ready: false }),
    ],
  }),
  slice('default/web/a', { ports: ['http:80'], endpoints: [endpoint('172.1.0.1', { zone: 'a' })] }),
  service('default/near', { externalName: `zone-c.prefer._zone.${base}` }),
  service('default/here', { externalName: `zone-c.pin._zone.${base}` }),
  service('default/local', { externalName: `zone-a.pin._zone.${base}` }),
  service('default/none', { externalName: 'a.pin._zone.web.default.svc.cluster.local' }),
]

function alias(name: string, target: string): string {
  return `${name}.default.svc.cluster.local. 5 IN CNAME ${target}`
}

const everyAddress = ['172.0.0.1', '172.0.0.2', '172.0.0.3', '172.0.0.4']

const cases: readonly QueryCase[] = [
  {
    says: 'only endpoints of the zone',
    query: `zone-a.pin._zone.${base} A`,
    answer: [`zone-a.pin._zone.${base} 5 IN A 172.0.0.1`],
  },
  {
    says: 'a zone may have dots',
    query: `zone.b.prefer._zone.${base} A`,
    answer: [`zone.b.prefer._zone.${base} 5 IN A 172.0.0.2`],
  },
  { query: `zone-a.pin._zone.${base} AAAA`, ...nodata },
  {
    says: 'targets are the usual names of endpoints',
    query: `zone-a.pin._zone.${base} SRV`,
    answer: [`zone-a.pin._zone.${base} 5 IN SRV 0 100 5432 one.${base}`],
    additional: [`one.${base} 5 IN A 172.0.0.1`],
  },
  { query: `zone-a.near._zone.${base} A`, says: 'an unknown directive', ...nxdomain },
  { query: 'a.pin._zone.web.default.svc.cluster.local. A', says: 'a ClusterIP', ...nxdomain },
  { query: 'a.pin._zone.gone.default.svc.cluster.local. A', ...nxdomain },
  {
    query: 'a.pin._zone.empty.default.svc.cluster.local. A',
    says: 'the Service has no names while nothing is ready, so there are none below it: RFC 8020',
    ...nxdomain,
    coredns: { why: 'It has names below a name that does not exist.', ...nodata },
  },
  {
    query: `prefer._zone.${base} A`,
    says: 'the name above names',
    ...nodata,
    coredns: { why: 'Names above names do not exist.', ...nxdomain },
  },
  {
    says: 'an alias to a zone without endpoints',
    query: 'near.default.svc.cluster.local. A',
    answer: [
      alias('near', `zone-c.prefer._zone.${base}`),
      ...everyAddress.map(address => `zone-c.prefer._zone.${base} 5 IN A ${address}`),
    ],
  },
  {
    query: 'here.default.svc.cluster.local. A',
    answer: [alias('here', `zone-c.pin._zone.${base}`)],
    ...nodata,
  },
  {
    query: 'local.default.svc.cluster.local. A',
    answer: [
      alias('local', `zone-a.pin._zone.${base}`),
      `zone-a.pin._zone.${base} 5 IN A 172.0.0.1`,
    ],
  },
  {
    query: 'none.default.svc.cluster.local. A',
    answer: [alias('none', 'a.pin._zone.web.default.svc.cluster.local.')],
    ...nxdomain,
  },
]

t.test('ClusterZone with zonal', async t => {
  const zone = new TestZone({ zonal: true })
  const { problems } = zone.apply(upserts(...objects))
  await checkCases(t, zone.ask, cases)
  t.match(problems, [{ kind: 'illegal-name', example: 'default/db' }])
})

t.test('ClusterZone with zonal follows endpoints that move to another zone', async t => {
  const zone = new TestZone({ zonal: true, localAddresses: ['172.0.0.1'] })
  zone.apply(upserts(...objects))
  zone.apply(
    upserts(
      slice('default/db/a', { endpoints: [endpoint('172.0.0.1', { hostname: 'one', zone: 'd' })] }),
    ),
  )
  await checkCases(t, zone.ask, [
    { query: `zone.b.pin._zone.${base} A`, ...nxdomain, says: 'left to the serving threads' },
    {
      query: `d.pin._zone.${base} A`,
      answer: [`d.pin._zone.${base} 5 IN A 172.0.0.1`],
    },
    {
      says: 'name servers are endpoints, by their usual names',
      query: 'cluster.local. NS',
      answer: [`cluster.local. 5 IN NS one.${base}`],
      additional: [`one.${base} 5 IN A 172.0.0.1`],
    },
  ])
})

t.test('ClusterZone leaves a Service without zonal names where these are too long', async t => {
  const zone = new TestZone({ zonal: true, zone: `${'a.'.repeat(90)}b` })
  const name = 'x'.repeat(56)
  zone.apply(
    upserts(
      namespace('d'),
      service(`d/${name}`, { ips: ['None'] }),
      slice(`d/${name}/a`, { endpoints: [endpoint('172.0.0.1', { hostname: 'o' })] }),
    ),
  )
  t.strictSame(
    zone.sink.names().filter(each => each.includes('_zone')),
    [],
  )
})

t.test('ClusterZone without zonal has no names by zone', async t => {
  const zone = new TestZone()
  zone.apply(upserts(...objects))
  await checkCases(t, zone.ask, [{ query: `zone-a.pin._zone.${base} A`, ...nxdomain }])
})
