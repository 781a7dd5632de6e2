import t from 'tap'
import {
  deletes,
  endpoint,
  namespace,
  service,
  slice,
  upserts,
} from '../../test/support/cluster-objects.ts'
import { MapSink } from '../../test/support/map-sink.ts'
import { checkCases, type QueryCase } from '../../test/support/query-cases.ts'
import type { Change } from '../objects/change.ts'
import { ServiceStore } from '../store/service-store.ts'
import { ExternalZone, type ExternalZoneOptions } from './external-zone.ts'

const soaOf = (zone: string, serial: number) =>
  `${zone} 5 IN SOA ns1.dns.${zone} hostmaster.dns.${zone} ${serial} 7200 1800 86400 5`
const negative = [soaOf('example.org.', 1)]
const nodata = { authority: negative }
const nxdomain = { rcode: 'NXDOMAIN', authority: negative }

const objects = [
  namespace('default'),
  namespace('dns'),
  service('default/web', {
    ips: ['10.0.0.1'],
    ports: ['http:80', 'https:443'],
    loadBalancer: ['192.0.2.1', 'ignored.example.net'],
    externalIPs: ['2001:db8::1', '192.0.2.1'],
  }),
  service('default/named', {
    ips: ['10.0.0.2'],
    ports: ['http:80', '81'],
    loadBalancer: ['lb.example.net'],
  }),
  service('default/inner', { ips: ['10.0.0.3'], ports: ['http:80'] }),
  service('default/db', { ips: ['None'] }),
  service('default/odd', { ips: ['10.0.0.4'], loadBalancer: ['a..b'] }),
  service('dns/web', { ips: ['10.0.0.5'], ports: ['80'], externalIPs: ['192.0.2.5'] }),
  service('ghost/web', { ips: ['10.0.0.6'], ports: ['80'], externalIPs: ['192.0.2.6'] }),
  slice('default/db/a', {
    ports: ['sql:5432'],
    endpoints: [endpoint('172.0.0.1', { hostname: 'one' })],
  }),
  slice('default/web/a', {
    ports: ['http:80'],
    endpoints: [endpoint('172.0.0.2', { hostname: 'two' })],
  }),
]

const web = 'web.default.example.org.'
const usual: ExternalZoneOptions = {
  zones: ['example.org'],
  apexLabel: 'dns',
  ttlSeconds: 5,
  headless: false,
  cluster: { localAddresses: ['10.9.9.9'], zone: 'cluster.local', ignoreEmptyService: true },
}

class Subject {
  readonly sink = new MapSink()
  readonly #store = new ServiceStore()
  readonly #zone: ExternalZone

  constructor(options: Partial<ExternalZoneOptions> = {}) {
    this.#zone = new ExternalZone({ ...usual, ...options }, this.sink)
  }

  apply(changes: readonly Change[], nowSeconds = 1) {
    return this.#zone.apply(this.#store.apply(changes), nowSeconds)
  }

  ask = (message: Buffer) => this.sink.ask(message)
}

const cases: readonly QueryCase[] = [
  { query: `${web} A`, answer: [`${web} 5 IN A 192.0.2.1`] },
  { query: `${web} AAAA`, answer: [`${web} 5 IN AAAA 2001:db8::1`] },
  {
    query: `_http._tcp.${web} SRV`,
    answer: [`_http._tcp.${web} 5 IN SRV 0 33 80 ${web}`],
    additional: [`${web} 5 IN A 192.0.2.1`, `${web} 5 IN AAAA 2001:db8::1`],
  },
  { query: `${web} TXT`, ...nodata },
  { query: `two.${web} A`, says: 'endpoints are not outside', ...nxdomain },
  {
    query: 'named.default.example.org. A',
    answer: ['named.default.example.org. 5 IN CNAME lb.example.net.'],
  },
  {
    query: '_http._tcp.named.default.example.org. SRV',
    answer: ['_http._tcp.named.default.example.org. 5 IN SRV 0 100 80 lb.example.net.'],
  },
  { query: 'inner.default.example.org. A', ...nxdomain },
  { query: 'odd.default.example.org. A', says: 'no name', ...nxdomain },
  { query: 'db.default.example.org. A', ...nxdomain },
  { query: 'web.ghost.example.org. A', says: 'no Namespace', ...nxdomain },
  { query: 'web.dns.example.org. A', says: 'where the name servers are', ...nxdomain },
  { query: 'default.example.org. A', ...nodata },
  { query: 'example.org. SOA', answer: negative },
  {
    query: 'example.org. NS',
    answer: ['example.org. 5 IN NS ns1.dns.example.org.'],
    additional: ['ns1.dns.example.org. 5 IN A 10.9.9.9'],
  },
  { query: 'ns1.dns.example.org. A', answer: ['ns1.dns.example.org. 5 IN A 10.9.9.9'] },
  { query: 'dns.example.org. A', ...nodata },
  { query: `${web.replace('.org', '.com')} A`, rcode: 'REFUSED' },
]

t.test('ExternalZone has Services by their outer addresses', async t => {
  const subject = new Subject()
  subject.apply(upserts(...objects))
  await checkCases(t, subject.ask, cases)
})

t.test('ExternalZone with headless has endpoints of headless Services too', async t => {
  const subject = new Subject({ headless: true, zones: ['example.org', 'example.com'] })
  subject.apply(upserts(...objects))
  await checkCases(t, subject.ask, [
    { query: 'db.default.example.com. A', answer: ['db.default.example.com. 5 IN A 172.0.0.1'] },
    {
      query: 'db.default.example.org. SRV',
      answer: ['db.default.example.org. 5 IN SRV 0 100 5432 one.db.default.example.org.'],
      additional: ['one.db.default.example.org. 5 IN A 172.0.0.1'],
    },
    { query: 'inner.default.example.org. A', ...nxdomain },
  ])
})

t.test('ExternalZone names the servers by the outer addresses of our own Service', async t => {
  const subject = new Subject({ cluster: { localAddresses: ['172.0.0.2'] } })
  subject.apply(upserts(...objects))
  await checkCases(t, subject.ask, [
    { query: 'ns1.dns.example.org. A', answer: ['ns1.dns.example.org. 5 IN A 192.0.2.1'] },
  ])
  subject.apply(deletes(objects[10]!), 2)
  await checkCases(t, subject.ask, [
    { query: 'ns1.dns.example.org. A', answer: ['ns1.dns.example.org. 5 IN A 172.0.0.2'] },
  ])
})

t.test('ExternalZone follows the cluster and forgets what goes', async t => {
  const subject = new Subject({ cluster: { namespaceLabels: '!hidden' } })
  const empty = subject.sink.names()
  t.equal(subject.apply(upserts(...objects.slice(2)), 2).changedNames, 0, 'no Namespace yet')
  subject.apply(upserts(namespace('default')), 3)
  t.ok(subject.sink.answers(web))
  t.equal(subject.apply(deletes(objects[10]!), 4).changedNames, 0, 'only an endpoint went')
  subject.apply(
    upserts(
      service('default/web', { ips: ['10.0.0.1'], ports: ['80'], externalIPs: ['192.0.2.9'] }),
    ),
    5,
  )
  await checkCases(t, subject.ask, [
    { query: `${web} A`, answer: [`${web} 5 IN A 192.0.2.9`] },
    { query: `_http._tcp.${web} A`, rcode: 'NXDOMAIN', authority: [soaOf('example.org.', 5)] },
  ])
  subject.apply([...upserts(namespace('default', { hidden: 'yes' })), ...deletes(objects[2]!)], 6)
  t.strictSame(subject.sink.names(), empty)
  subject.apply(upserts(namespace('default')), 7)
  t.ok(subject.sink.answers('named.default.example.org.'))
  subject.apply(deletes(namespace('default')), 8)
  t.strictSame(subject.sink.names(), empty)
})
