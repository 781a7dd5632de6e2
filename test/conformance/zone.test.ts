/**
 * The Kubernetes DNS specification and what people know of CoreDNS, case by case. Another server can be
 * the subject when it serves the objects of conformance-cluster.ts with a TTL of 5 and 172.9.0.1 among
 * its own addresses: `DNS_SUBJECT=127.0.0.1:5300`, and `DNS_EXPECT=coredns` when it is CoreDNS.
 */
import t from 'tap'
import { ServiceStore } from '../../src/store/service-store.ts'
import { ClusterZone } from '../../src/zone/cluster-zone.ts'
import { upserts } from '../support/cluster-objects.ts'
import { conformanceCluster } from '../support/conformance-cluster.ts'
import { askOverUdp } from '../support/dns-subject.ts'
import { MapSink } from '../support/map-sink.ts'
import { type Ask, checkCases } from '../support/query-cases.ts'
import { caseTables } from './case-tables.ts'

const subject = process.env['DNS_SUBJECT']
const expects = process.env['DNS_EXPECT'] === 'coredns' ? 'coredns' : 'signpost'
const ask = subject ? askOverUdp(subject) : askZone()

function askZone(): Ask {
  const sink = new MapSink()
  const zone = new ClusterZone({ localAddresses: ['172.9.0.1'] }, sink)
  zone.apply(new ServiceStore().apply(upserts(...conformanceCluster)), 1_700_000_000)
  return message => sink.ask(message)
}

for (const [name, cases] of Object.entries(caseTables)) {
  t.test(name, async t => checkCases(t, ask, cases, expects))
}
