import t from 'tap'
import {
  deletes,
  endpoint,
  namespace,
  pod,
  service,
  slice,
  upserts,
} from '../../test/support/cluster-objects.ts'
import { checkCases, type QueryCase } from '../../test/support/query-cases.ts'
import { TestZone } from '../../test/support/test-zone.ts'
import { ServiceStore } from '../store/service-store.ts'
import { MapSink } from '../../test/support/map-sink.ts'
import type { Change } from '../objects/change.ts'
import { ClusterZone } from './cluster-zone.ts'
import type { ClusterZoneOptions } from './cluster-zone-options.ts'

const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const
const front = { tier: 'front' }
const web = service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'], labels: front })
const db = service('default/db', { ips: ['None'], labels: { tier: 'back' } })
const dbSlice = slice('default/db/a', {
  ports: ['sql:5432'],
  endpoints: [endpoint('172.0.0.1', { hostname: 'one' })],
  labels: { tier: 'back' },
})

interface OptionTable {
  readonly name: string
  readonly options: ClusterZoneOptions
  readonly batches: readonly (readonly Change[])[]
  readonly cases: readonly QueryCase[]
}

const webAnswer = {
  query: 'web.default.svc.cluster.local. A',
  answer: ['web.default.svc.cluster.local. 5 IN A 10.0.0.1'],
}
const dbAnswer = {
  query: 'db.default.svc.cluster.local. A',
  answer: ['db.default.svc.cluster.local. 5 IN A 172.0.0.1'],
}

const tables: readonly OptionTable[] = [
  {
    name: 'namespace_labels',
    options: { namespaceLabels: 'team in (red, blue),!hidden' },
    batches: [
      upserts(
        namespace('default', { team: 'red' }),
        namespace('other'),
        namespace('both', { team: 'blue', hidden: 'yes' }),
        web,
        service('other/web', { ips: ['10.0.0.2'], ports: ['http:80'] }),
        service('both/web', { ips: ['10.0.0.3'], ports: ['http:80'] }),
      ),
    ],
    cases: [
      webAnswer,
      { query: 'other.svc.cluster.local. A', ...nxdomain },
      { query: 'web.other.svc.cluster.local. A', ...nxdomain },
      { query: 'web.both.svc.cluster.local. A', ...nxdomain },
      {
        query: '2.0.0.10.in-addr.arpa. PTR',
        ...nxdomain,
        coredns: {
          why: 'namespace_labels does not count for PTR records.',
          answer: ['2.0.0.10.in-addr.arpa. 5 IN PTR web.other.svc.cluster.local.'],
        },
      },
    ],
  },
  {
    name: 'namespace_labels, where labels come and go',
    options: { namespaceLabels: 'dns=yes', pods: 'verified' },
    batches: [
      upserts(namespace('default'), namespace('other', { dns: 'yes' }), web),
      upserts(pod('default/one', ['172.0.0.9'])),
      upserts(service('other/web', { ips: ['10.0.0.2'], ports: ['http:80'] })),
      upserts(namespace('default', { dns: 'yes' }), namespace('other', { dns: 'no' })),
    ],
    cases: [
      webAnswer,
      {
        query: '172-0-0-9.default.pod.cluster.local. A',
        answer: ['172-0-0-9.default.pod.cluster.local. 5 IN A 172.0.0.9'],
      },
      { query: 'other.svc.cluster.local. A', ...nxdomain },
      { query: 'web.other.svc.cluster.local. A', ...nxdomain },
      { query: '2.0.0.10.in-addr.arpa. PTR', ...nxdomain },
    ],
  },
  {
    name: 'labels: Services, slices and pods that do not match are not there',
    options: { labels: 'tier=back', pods: 'verified' },
    batches: [
      upserts(
        namespace('default'),
        web,
        db,
        dbSlice,
        slice('default/db/b', { endpoints: [endpoint('172.0.0.2')] }),
        pod('default/one', ['172.0.0.9']),
        { ...pod('default/two', ['172.0.0.8']), labels: { tier: 'back' } },
      ),
    ],
    cases: [
      dbAnswer,
      { query: 'web.default.svc.cluster.local. A', ...nxdomain },
      { query: '1.0.0.10.in-addr.arpa. PTR', ...nxdomain },
      { query: '172-0-0-2.db.default.svc.cluster.local. A', ...nxdomain },
      { query: '2.0.0.172.in-addr.arpa. PTR', ...nxdomain },
      {
        query: '1.0.0.172.in-addr.arpa. PTR',
        answer: ['1.0.0.172.in-addr.arpa. 5 IN PTR one.db.default.svc.cluster.local.'],
      },
      { query: '172-0-0-9.default.pod.cluster.local. A', ...nxdomain },
      {
        query: '172-0-0-8.default.pod.cluster.local. A',
        answer: ['172-0-0-8.default.pod.cluster.local. 5 IN A 172.0.0.8'],
      },
    ],
  },
  {
    name: 'labels, on the labels that the slice controller sets',
    options: { labels: 'kubernetes.io/service-name!=db' },
    batches: [upserts(namespace('default'), web, db, dbSlice)],
    cases: [webAnswer, { query: 'db.default.svc.cluster.local. A', ...nxdomain }],
  },
  {
    name: 'labels that change: the Service comes, the slice goes',
    options: { labels: 'tier=front' },
    batches: [
      upserts(namespace('default'), { ...web, labels: {} }, { ...db, labels: front }),
      upserts({ ...dbSlice, labels: front }),
      upserts(web, dbSlice),
    ],
    cases: [
      webAnswer,
      { query: 'db.default.svc.cluster.local. A', ...nxdomain },
      { query: '1.0.0.172.in-addr.arpa. PTR', ...nxdomain },
    ],
  },
  {
    name: 'noendpoints',
    options: { noEndpoints: true, localAddresses: ['172.0.0.1'] },
    batches: [upserts(namespace('default'), web, db, dbSlice)],
    cases: [
      webAnswer,
      { query: 'db.default.svc.cluster.local. A', ...nxdomain },
      { query: 'one.db.default.svc.cluster.local. A', ...nxdomain },
      { query: '1.0.0.172.in-addr.arpa. PTR', ...nxdomain },
      {
        query: 'cluster.local. NS',
        answer: ['cluster.local. 5 IN NS ns.dns.cluster.local.'],
        additional: ['ns.dns.cluster.local. 5 IN A 172.0.0.1'],
      },
    ],
  },
  {
    name: 'two forward zones',
    options: { furtherZones: ['Example.Local'], localAddresses: ['172.0.0.1'] },
    batches: [
      upserts(
        namespace('default'),
        web,
        db,
        dbSlice,
        service('default/alias', { externalName: 'web.default.svc.example.local' }),
      ),
    ],
    cases: [
      webAnswer,
      dbAnswer,
      {
        query: 'web.default.svc.example.local. A',
        answer: ['web.default.svc.example.local. 5 IN A 10.0.0.1'],
      },
      {
        query: 'db.default.svc.example.local. SRV',
        answer: [
          'db.default.svc.example.local. 5 IN SRV 0 100 5432 one.db.default.svc.example.local.',
        ],
        additional: ['one.db.default.svc.example.local. 5 IN A 172.0.0.1'],
      },
      { query: 'gone.default.svc.example.local. A', ...nxdomain },
      {
        query: 'example.local. SOA',
        answer: [
          'example.local. 5 IN SOA ns.dns.example.local. hostmaster.example.local. 1 7200 1800 86400 5',
        ],
      },
      {
        query: 'example.local. NS',
        answer: ['example.local. 5 IN NS one.db.default.svc.example.local.'],
        additional: ['one.db.default.svc.example.local. 5 IN A 172.0.0.1'],
      },
      {
        says: 'the first zone is the target',
        query: '1.0.0.10.in-addr.arpa. PTR',
        answer: ['1.0.0.10.in-addr.arpa. 5 IN PTR web.default.svc.cluster.local.'],
      },
      {
        says: 'the other zone is asked by whoever follows the alias',
        query: 'alias.default.svc.cluster.local. A',
        answer: ['alias.default.svc.cluster.local. 5 IN CNAME web.default.svc.example.local.'],
      },
    ],
  },
  {
    name: 'no reverse zones',
    options: { reverseZones: [] },
    batches: [upserts(namespace('default'), web, db, dbSlice)],
    cases: [webAnswer, { query: '1.0.0.10.in-addr.arpa. PTR', rcode: 'REFUSED', aa: true }],
  },
  {
    name: 'ttl 0',
    options: { ttlSeconds: 0 },
    batches: [upserts(namespace('default'), web)],
    cases: [
      { ...webAnswer, answer: ['web.default.svc.cluster.local. 0 IN A 10.0.0.1'] },
      {
        query: 'gone.default.svc.cluster.local. A',
        rcode: 'NXDOMAIN',
        authority: 'soa',
      },
      {
        query: 'cluster.local. SOA',
        answer: [
          'cluster.local. 0 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 0',
        ],
      },
    ],
  },
]

for (const { name, options, batches, cases } of tables) {
  t.test(`ClusterZone with ${name}`, async t => {
    const zone = new TestZone(options)
    for (const batch of batches) zone.apply(batch)
    await checkCases(t, zone.ask, cases)
  })
}

t.test('ClusterZone with two zones takes back all names of both', async t => {
  const sink = new MapSink()
  const zone = new ClusterZone({ furtherZones: ['example.local'], labels: 'tier' }, sink)
  const empty = sink.names()
  const store = new ServiceStore()
  const objects = [namespace('default'), web, db, dbSlice]
  zone.apply(store.apply(upserts(...objects)), 1)
  t.ok(sink.answers('one.db.default.svc.example.local.'))
  zone.apply(store.apply(deletes(...objects)), 7)
  t.strictSame(sink.names(), empty)
  t.equal(zone.serial, 7)
})

t.test('ClusterZone refuses options that cannot be', async t => {
  const make = (options: ClusterZoneOptions) => () => new ClusterZone(options, new MapSink())
  t.throws(make({ labels: 'a=(' }), {
    name: 'RangeError',
    message: /^Cannot select by "a=\(": unable to parse requirement/,
  })
  t.throws(make({ namespaceLabels: ',' }), { name: 'RangeError' })
  t.throws(make({ furtherZones: ['a..b'] }), { name: 'RangeError' })
})
