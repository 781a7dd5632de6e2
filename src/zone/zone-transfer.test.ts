import t from 'tap'
import {
  endpoint,
  namespace,
  pod,
  service,
  slice,
  upserts,
} from '../../test/support/cluster-objects.ts'
import { renderRecord } from '../dns/record-text.ts'
import { ServiceStore } from '../store/service-store.ts'
import type { ClusterZoneOptions } from './cluster-zone-options.ts'
import { zoneTransfer } from './zone-transfer.ts'

const delta = new ServiceStore().apply(
  upserts(
    namespace('default'),
    service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'] }),
    service('default/db', { ips: ['None'] }),
    slice('default/db/a', { ports: ['5432'], endpoints: [endpoint('172.0.0.1', { zone: 'a' })] }),
    service('default/alias', { externalName: 'web.default.svc.cluster.local' }),
    pod('default/one', ['172.0.0.9']),
  ),
)

function transfer(zone: string, options: ClusterZoneOptions = {}): readonly string[] | undefined {
  return zoneTransfer(options, delta, { zone, serial: 7 })?.map(renderRecord)
}

const soa =
  'cluster.local. 5 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 7 7200 1800 86400 5'

t.test('zoneTransfer() gives every record once, between two SOAs', async t => {
  t.strictSame(transfer('Cluster.local', { zonal: true, localAddresses: ['10.1.1.1'] }), [
    soa,
    'cluster.local. 5 IN NS ns.dns.cluster.local.',
    'ns.dns.cluster.local. 5 IN A 10.1.1.1',
    'dns-version.cluster.local. 28800 IN TXT "1.1.0"',
    'alias.default.svc.cluster.local. 5 IN CNAME web.default.svc.cluster.local.',
    'db.default.svc.cluster.local. 5 IN A 172.0.0.1',
    'db.default.svc.cluster.local. 5 IN SRV 0 100 5432 172-0-0-1.db.default.svc.cluster.local.',
    '172-0-0-1.db.default.svc.cluster.local. 5 IN A 172.0.0.1',
    '172-0-0-1.db.default.svc.cluster.local. 5 IN SRV 0 100 5432 172-0-0-1.db.default.svc.cluster.local.',
    'web.default.svc.cluster.local. 5 IN A 10.0.0.1',
    'web.default.svc.cluster.local. 5 IN SRV 0 100 80 web.default.svc.cluster.local.',
    '_http._tcp.web.default.svc.cluster.local. 5 IN A 10.0.0.1',
    '_http._tcp.web.default.svc.cluster.local. 5 IN SRV 0 100 80 web.default.svc.cluster.local.',
    soa,
  ])
})

t.test('zoneTransfer() gives pods where they are verified', async t => {
  const lines = transfer('cluster.local.', { pods: 'verified' })!
  t.ok(lines.includes('172-0-0-9.default.pod.cluster.local. 5 IN A 172.0.0.9'))
})

t.test('zoneTransfer() leaves out what is in a zone below', async t => {
  const reverseZones = ['in-addr.arpa', '172.in-addr.arpa']
  t.strictSame(
    transfer('in-addr.arpa', { reverseZones })!.map(line => line.split(' ')[0]),
    ['in-addr.arpa.', 'in-addr.arpa.', '1.0.0.10.in-addr.arpa.', 'in-addr.arpa.'],
  )
})

t.test('zoneTransfer() knows its own zones only', async t => {
  t.equal(transfer('svc.cluster.local'), undefined)
  t.equal(transfer('example.org'), undefined)
  t.equal(transfer('a..b'), undefined)
})
