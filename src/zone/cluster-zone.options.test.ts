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
import type { Change } from '../objects/change.ts'
import type { ClusterZoneOptions } from './cluster-zone-options.ts'

const nodata = { authority: 'soa' } as const
const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const

const web = service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'] })
const webSlice = slice('default/web/a', {
  ports: ['http:80'],
  endpoints: [endpoint('172.0.0.1', { podName: 'web-1' }), endpoint('172.0.0.2')],
})
const pods = [
  namespace('default'),
  pod('default/one', ['10.244.0.5', 'fd00::5']),
  pod('default/host-1', ['192.0.2.1']),
  pod('default/host-2', ['192.0.2.1']),
  pod('default/six', ['fd00::6']),
  pod('default/done', ['10.244.0.6'], 'Succeeded'),
  { ...pod('default/leaving', ['10.244.0.7']), terminating: true },
  pod('default/waiting', [], 'Pending'),
  pod('default/odd', ['nonsense']),
  pod('ghost/one', ['10.244.0.8']),
]

interface OptionTable {
  readonly name: string
  readonly options: ClusterZoneOptions
  readonly changes: readonly Change[]
  readonly later?: readonly Change[]
  readonly cases: readonly QueryCase[]
}

const tables: readonly OptionTable[] = [
  {
    name: 'pods verified',
    options: { pods: 'verified' },
    changes: upserts(...pods),
    later: deletes(pods[3]!),
    cases: [
      { query: 'default.pod.cluster.local. A', ...nodata },
      { query: 'ghost.pod.cluster.local. A', ...nxdomain },
      {
        query: '10-244-0-5.default.pod.cluster.local. A',
        answer: ['10-244-0-5.default.pod.cluster.local. 5 IN A 10.244.0.5'],
      },
      { query: '10-244-0-5.default.pod.cluster.local. AAAA', ...nodata },
      {
        query: '10-244-0-5.default.pod.cluster.local. SRV',
        answer: [
          '10-244-0-5.default.pod.cluster.local. 5 IN SRV 0 100 0 10-244-0-5.default.pod.cluster.local.',
        ],
        additional: ['10-244-0-5.default.pod.cluster.local. 5 IN A 10.244.0.5'],
      },
      {
        query: 'fd00--5.default.pod.cluster.local. AAAA',
        says: 'a secondary address',
        ...nxdomain,
      },
      {
        query: 'fd00--6.default.pod.cluster.local. AAAA',
        answer: ['fd00--6.default.pod.cluster.local. 5 IN AAAA fd00::6'],
      },
      {
        says: 'two pods had the address, one is left',
        query: '192-0-2-1.default.pod.cluster.local. A',
        answer: ['192-0-2-1.default.pod.cluster.local. 5 IN A 192.0.2.1'],
      },
      { query: '10-244-0-6.default.pod.cluster.local. A', says: 'ended', ...nxdomain },
      { query: '10-244-0-7.default.pod.cluster.local. A', says: 'terminating', ...nxdomain },
      { query: '10-244-0-8.ghost.pod.cluster.local. A', says: 'no Namespace', ...nxdomain },
      {
        query: 'a.10-244-0-5.default.pod.cluster.local. A',
        ...nxdomain,
        coredns: {
          why: 'It ignores labels in front of a pod name.',
          answer: ['a.10-244-0-5.default.pod.cluster.local. 5 IN A 10.244.0.5'],
        },
      },
    ],
  },
  {
    name: 'pods insecure: the addresses are worked out where they are asked for',
    options: { pods: 'insecure' },
    changes: upserts(
      ...pods,
      service('default/to-pod', { externalName: '192-0-2-9.default.pod.cluster.local' }),
      service('default/to-none', { externalName: 'x-y.default.pod.cluster.local' }),
    ),
    cases: [
      { query: 'default.pod.cluster.local. A', ...nodata },
      { query: 'ghost.pod.cluster.local. A', ...nxdomain },
      {
        query: 'to-pod.default.svc.cluster.local. A',
        answer: [
          'to-pod.default.svc.cluster.local. 5 IN CNAME 192-0-2-9.default.pod.cluster.local.',
          '192-0-2-9.default.pod.cluster.local. 5 IN A 192.0.2.9',
        ],
      },
      {
        query: 'to-none.default.svc.cluster.local. A',
        answer: ['to-none.default.svc.cluster.local. 5 IN CNAME x-y.default.pod.cluster.local.'],
        ...nxdomain,
        coredns: { why: 'It answers NODATA without the CNAME.', ...nodata },
      },
    ],
  },
  {
    name: 'endpointPodNames',
    options: { endpointPodNames: true },
    changes: upserts(
      namespace('default'),
      web,
      slice('default/web/a', {
        ports: ['http:80'],
        endpoints: [
          endpoint('172.0.0.1', { podName: 'web-1' }),
          endpoint('172.0.0.2', { podName: 'x'.repeat(64) }),
          endpoint('172.0.0.3', { podName: 'web.3' }),
          endpoint('172.0.0.4', { podName: 'web-4', hostname: 'four' }),
        ],
      }),
    ),
    cases: ['web-1', '172-0-0-2', '172-0-0-3', 'four'].map((label, position) => ({
      query: `${label}.web.default.svc.cluster.local. A`,
      answer: [`${label}.web.default.svc.cluster.local. 5 IN A 172.0.0.${position + 1}`],
      ...(label === '172-0-0-3' && {
        coredns: { why: 'It takes `web.3` for a label, which no question can have.', ...nxdomain },
      }),
    })),
  },
  {
    name: 'ignoreEmptyService',
    options: { ignoreEmptyService: true },
    changes: upserts(
      namespace('default'),
      web,
      slice('default/web/a', { endpoints: [endpoint('172.0.0.1', { ready: false })] }),
      service('default/full', { ips: ['10.0.0.2'], ports: ['http:80'] }),
      slice('default/full/a', { ports: ['http:80'], endpoints: [endpoint('172.0.0.1')] }),
    ),
    cases: [
      { query: 'web.default.svc.cluster.local. A', ...nxdomain },
      {
        query: '1.0.0.10.in-addr.arpa. PTR',
        ...nxdomain,
        coredns: {
          why: 'It hides the name and keeps the PTR.',
          answer: ['1.0.0.10.in-addr.arpa. 5 IN PTR web.default.svc.cluster.local.'],
        },
      },
      {
        query: 'full.default.svc.cluster.local. A',
        answer: ['full.default.svc.cluster.local. 5 IN A 10.0.0.2'],
      },
    ],
  },
  {
    name: 'namespaces',
    options: { namespaces: ['other'] },
    changes: upserts(
      namespace('default'),
      namespace('other'),
      web,
      webSlice,
      service('other/web', { ips: ['10.0.0.2'], ports: ['http:80'] }),
    ),
    cases: [
      { query: 'default.svc.cluster.local. A', ...nxdomain },
      { query: 'web.default.svc.cluster.local. A', ...nxdomain },
      { query: '1.0.0.10.in-addr.arpa. PTR', ...nxdomain },
      { query: '1.0.0.172.in-addr.arpa. PTR', ...nxdomain },
      {
        query: 'web.other.svc.cluster.local. A',
        answer: ['web.other.svc.cluster.local. 5 IN A 10.0.0.2'],
      },
    ],
  },
  {
    name: 'zone, reverse zones and TTL',
    options: { zone: 'K8S.Example.', reverseZones: ['0.0.10.in-addr.arpa'], ttlSeconds: 600 },
    changes: upserts(namespace('default'), web, webSlice),
    cases: [
      {
        query: 'web.default.svc.k8s.example. A',
        answer: ['web.default.svc.k8s.example. 600 IN A 10.0.0.1'],
      },
      { query: 'gone.default.svc.k8s.example. A', ...nxdomain },
      {
        query: '1.0.0.10.in-addr.arpa. PTR',
        answer: ['1.0.0.10.in-addr.arpa. 600 IN PTR web.default.svc.k8s.example.'],
      },
      { query: '1.0.0.172.in-addr.arpa. PTR', rcode: 'REFUSED' },
      { query: 'web.default.svc.cluster.local. A', rcode: 'REFUSED' },
      {
        query: 'k8s.example. SOA',
        answer: [
          'k8s.example. 300 IN SOA ns.dns.k8s.example. hostmaster.k8s.example. 1 7200 1800 86400 600',
        ],
      },
    ],
  },
  {
    name: 'no Service has a local address: the name server is ns.dns',
    options: { localAddresses: ['127.0.0.1', '::1'] },
    changes: upserts(namespace('default'), web),
    cases: [
      {
        query: 'cluster.local. NS',
        answer: ['cluster.local. 5 IN NS ns.dns.cluster.local.'],
        additional: [
          'ns.dns.cluster.local. 5 IN A 127.0.0.1',
          'ns.dns.cluster.local. 5 IN AAAA ::1',
        ],
      },
      { query: 'ns.dns.cluster.local. AAAA', answer: ['ns.dns.cluster.local. 5 IN AAAA ::1'] },
    ],
  },
  {
    name: 'a headless Service has a local address: its endpoints are the name servers',
    options: { localAddresses: ['172.0.0.1'] },
    changes: upserts(
      namespace('default'),
      service('default/dns', { ips: ['None'] }),
      slice('default/dns/a', {
        ports: ['dns:53/UDP'],
        endpoints: [endpoint('172.0.0.1'), endpoint('172.0.0.2', { hostname: 'two' })],
      }),
    ),
    cases: [
      {
        query: 'cluster.local. NS',
        answer: ['172-0-0-1', 'two'].map(
          label => `cluster.local. 5 IN NS ${label}.dns.default.svc.cluster.local.`,
        ),
        additional: [
          '172-0-0-1.dns.default.svc.cluster.local. 5 IN A 172.0.0.1',
          'two.dns.default.svc.cluster.local. 5 IN A 172.0.0.2',
        ],
      },
    ],
  },
]

for (const { name, options, changes, later = [], cases } of tables) {
  t.test(`ClusterZone with ${name}`, async t => {
    const zone = new TestZone(options)
    zone.apply(changes)
    zone.apply(later)
    await checkCases(t, zone.ask, cases)
  })
}
