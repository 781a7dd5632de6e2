import type { ClusterObject } from '../../src/objects/change.ts'
import { endpoint, namespace, pod, service, slice } from './cluster-objects.ts'

/**
 * The cluster that the conformance cases ask about: each kind of Service that CoreDNS's own tests
 * have, with their shape and our addresses.
 */
export const conformanceCluster: readonly ClusterObject[] = [
  namespace('testns'),
  namespace('default'),
  namespace('kube-system'),
  // Has objects, but no Namespace.
  service('ghost/svc1', { ips: ['10.0.0.99'], ports: ['http:80'] }),

  service('testns/svc1', { ips: ['10.0.0.1'], ports: ['http:80'] }),
  slice('testns/svc1/a', {
    ports: ['http:8080'],
    endpoints: [endpoint('172.0.0.1', { hostname: 'ep1a' }), endpoint('172.0.0.2')],
  }),
  service('testns/two-ports', {
    ips: ['10.0.0.2'],
    ports: ['dns:53/UDP', 'dns-tcp:53', 'http:80'],
  }),
  service('testns/unnamed', { ips: ['10.0.0.3'], ports: ['443'] }),
  service('testns/svcempty', { ips: ['10.0.0.4'], ports: ['http:80'] }),
  service('testns/portless', { ips: ['10.0.0.5'] }),
  service('testns/svc6', { ips: ['1234:abcd::1'], ports: ['http:80'] }),
  service('testns/svc-dual-stack', { ips: ['10.0.0.6', '10::3'], ports: ['http:80'] }),
  slice('testns/svc-dual-stack/v4', { ports: ['http:80'], endpoints: [endpoint('172.1.0.1')] }),
  slice('testns/svc-dual-stack/v6', { ports: ['http:80'], endpoints: [endpoint('fd01::')] }),

  service('testns/hdls1', { ips: ['None'], ports: ['http:80'] }),
  slice('testns/hdls1/a', {
    ports: ['http:80'],
    endpoints: [
      endpoint('172.0.0.2'),
      endpoint('172.0.0.3'),
      endpoint('172.0.0.4', { hostname: 'dup-name' }),
      endpoint('172.0.0.5', { hostname: 'dup-name' }),
    ],
  }),
  slice('testns/hdls1/b', {
    ports: ['http:80'],
    endpoints: [endpoint('5678:abcd::1'), endpoint('5678:abcd::2')],
  }),
  service('testns/hdlsprtls', { ips: ['None'] }),
  slice('testns/hdlsprtls/a', { endpoints: [endpoint('172.0.0.20')] }),
  service('testns/unready', { ips: ['None'], ports: ['http:80'] }),
  slice('testns/unready/a', {
    ports: ['http:80'],
    endpoints: [endpoint('172.0.0.30', { ready: false })],
  }),
  service('testns/half-ready', { ips: ['None'], ports: ['http:80'] }),
  slice('testns/half-ready/a', {
    ports: ['http:80'],
    endpoints: [endpoint('172.0.0.31'), endpoint('172.0.0.32', { ready: false })],
  }),
  // The controller says ready where publishNotReadyAddresses is set.
  {
    ...service('testns/early', { ips: ['None'], ports: ['http:80'] }),
    publishNotReadyAddresses: true,
  },
  slice('testns/early/a', {
    ports: ['http:80'],
    endpoints: [{ ...endpoint('172.0.0.33'), serving: false }],
  }),
  // The same endpoint in two slices, as it moves from one to the other.
  service('testns/skewed', { ips: ['None'], ports: ['http:80'] }),
  slice('testns/skewed/a', { ports: ['http:80'], endpoints: [endpoint('172.0.0.40')] }),
  slice('testns/skewed/b', { ports: ['http:80'], endpoints: [endpoint('172.0.0.40')] }),
  service('testns/two-slices', { ips: ['None'], ports: ['http:80'] }),
  slice('testns/two-slices/a', { ports: ['http:80'], endpoints: [endpoint('172.0.0.50')] }),
  slice('testns/two-slices/b', { ports: ['http:8080'], endpoints: [endpoint('172.0.0.51')] }),
  service('testns/three', { ips: ['None'] }),
  slice('testns/three/a', {
    ports: ['80'],
    endpoints: [endpoint('172.0.0.61'), endpoint('172.0.0.62'), endpoint('172.0.0.63')],
  }),
  // One address with two hostnames.
  service('testns/double-ep', { ips: ['None'], ports: ['http:80'] }),
  slice('testns/double-ep/a', {
    ports: ['http:80'],
    endpoints: [
      endpoint('172.0.0.70', { hostname: 'zebra' }),
      endpoint('172.0.0.70'),
      endpoint('172.0.0.70', { hostname: 'adder' }),
    ],
  }),
  service('testns/fqdn', { ips: ['None'], ports: ['http:80'] }),
  slice('testns/fqdn/a', {
    ports: ['http:80'],
    addressType: 'FQDN',
    endpoints: [endpoint('www.example.org')],
  }),
  // A slice that nothing claims.
  slice('testns/orphan/a', { ports: ['http:80'], endpoints: [endpoint('172.0.0.80')] }),

  service('testns/external', { externalName: 'ext.interwebs.test' }),
  service('testns/external-ip', { externalName: '192.0.2.1' }),
  service('testns/external-to-service', { externalName: 'svc1.testns.svc.cluster.local' }),
  service('testns/external-to-headless', { externalName: 'hdls1.testns.svc.cluster.local.' }),
  service('testns/external-to-port', {
    externalName: '_http._tcp.svc1.testns.svc.cluster.local',
  }),
  service('testns/external-to-missing', { externalName: 'gone.testns.svc.cluster.local' }),
  service('testns/external-to-empty', { externalName: 'testns.svc.cluster.local' }),
  service('testns/external-to-external', { externalName: 'external.testns.svc.cluster.local' }),
  service('testns/chain', { externalName: 'external-to-service.testns.svc.cluster.local' }),
  service('testns/loop-a', { externalName: 'loop-b.testns.svc.cluster.local' }),
  service('testns/loop-b', { externalName: 'loop-a.testns.svc.cluster.local' }),
  service('testns/external-upper', { externalName: 'SVC1.TestNS.svc.Cluster.Local' }),

  service('kube-system/kube-dns', { ips: ['10.0.0.10'], ports: ['dns:53/UDP', 'dns-tcp:53'] }),
  slice('kube-system/kube-dns/a', {
    ports: ['dns:53/UDP', 'dns-tcp:53'],
    endpoints: [endpoint('172.9.0.1', { podName: 'coredns-1' })],
  }),

  pod('default/one', ['10.244.0.5', 'fd00::5']),
  pod('default/on-v6', ['fd00::6']),
  pod('default/done', ['10.244.0.6'], 'Succeeded'),
  { ...pod('default/leaving', ['10.244.0.7']), terminating: true },
]
