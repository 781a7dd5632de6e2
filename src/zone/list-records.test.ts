import t from 'tap'
import { endpoint, namespace, service, slice, upserts } from '../../test/support/cluster-objects.ts'
import { ServiceStore } from '../store/service-store.ts'
import { listRecords } from './list-records.ts'

t.test('listRecords() prints every record once, parents before children', t => {
  const delta = new ServiceStore().apply(
    upserts(
      namespace('default'),
      service('default/web', { ips: ['None'], ports: ['http:80'] }),
      slice('default/web/a', {
        ports: ['http:80'],
        endpoints: [endpoint('172.0.0.1'), endpoint('fd00::1', { hostname: 'six' })],
      }),
      service('default/alias', { externalName: 'web.default.svc.cluster.local' }),
      service('default/gone', { ips: ['nonsense'], ports: ['80'] }),
    ),
  )
  const options = { reverseZones: ['0.0.172.in-addr.arpa'] }
  const lines = listRecords(options, delta, 7).flatMap(({ lines }) => lines)
  t.strictSame(lines, [
    '0.0.172.in-addr.arpa. 5 IN NS ns.dns.cluster.local.',
    '0.0.172.in-addr.arpa. 5 IN SOA ns.dns.0.0.172.in-addr.arpa. hostmaster.0.0.172.in-addr.arpa. 7 7200 1800 86400 5',
    '1.0.0.172.in-addr.arpa. 5 IN PTR 172-0-0-1.web.default.svc.cluster.local.',
    'cluster.local. 5 IN NS ns.dns.cluster.local.',
    'cluster.local. 5 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 7 7200 1800 86400 5',
    'dns-version.cluster.local. 28800 IN TXT "1.1.0"',
    'alias.default.svc.cluster.local. 5 IN CNAME web.default.svc.cluster.local.',
    'web.default.svc.cluster.local. 5 IN A 172.0.0.1',
    'web.default.svc.cluster.local. 5 IN AAAA fd00::1',
    'web.default.svc.cluster.local. 5 IN SRV 0 50 80 172-0-0-1.web.default.svc.cluster.local.',
    'web.default.svc.cluster.local. 5 IN SRV 0 50 80 six.web.default.svc.cluster.local.',
    '172-0-0-1.web.default.svc.cluster.local. 5 IN A 172.0.0.1',
    '172-0-0-1.web.default.svc.cluster.local. 5 IN SRV 0 100 80 172-0-0-1.web.default.svc.cluster.local.',
    '_http._tcp.web.default.svc.cluster.local. 5 IN A 172.0.0.1',
    '_http._tcp.web.default.svc.cluster.local. 5 IN AAAA fd00::1',
    '_http._tcp.web.default.svc.cluster.local. 5 IN SRV 0 50 80 172-0-0-1.web.default.svc.cluster.local.',
    '_http._tcp.web.default.svc.cluster.local. 5 IN SRV 0 50 80 six.web.default.svc.cluster.local.',
    'six.web.default.svc.cluster.local. 5 IN AAAA fd00::1',
    'six.web.default.svc.cluster.local. 5 IN SRV 0 100 80 six.web.default.svc.cluster.local.',
  ])
  t.end()
})
