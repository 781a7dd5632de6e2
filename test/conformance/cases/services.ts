import type { QueryCase } from '../../support/query-cases.ts'

const svc1 = 'svc1.testns.svc.cluster.local.'
const nodata = { authority: 'soa' } as const
const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const

/** Kubernetes DNS specification §2.3, Services with a ClusterIP. */
export const serviceCases: readonly QueryCase[] = [
  { query: `${svc1} A`, answer: [`${svc1} 5 IN A 10.0.0.1`] },
  {
    says: 'the owner name is the name as it was asked',
    query: 'SVC1.TestNS.Svc.cLuStEr.LoCaL. A',
    answer: ['SVC1.TestNS.Svc.cLuStEr.LoCaL. 5 IN A 10.0.0.1'],
  },
  { query: `${svc1} AAAA`, ...nodata },
  { query: `${svc1} TXT`, ...nodata },
  { query: `${svc1} MX`, ...nodata },
  { query: `${svc1} CNAME`, ...nodata },
  { query: `${svc1} PTR`, ...nodata },
  { query: `${svc1} SOA`, ...nodata },
  { query: `${svc1} NS`, ...nodata },
  { query: `${svc1} HTTPS`, ...nodata },
  { query: `${svc1} TYPE1000`, ...nodata },
  {
    says: 'SRV at the bare name has all ports',
    query: `${svc1} SRV`,
    answer: [`${svc1} 5 IN SRV 0 100 80 ${svc1}`],
    additional: [`${svc1} 5 IN A 10.0.0.1`],
  },
  {
    says: 'for each named port there is an SRV record (§2.3.2)',
    query: `_http._tcp.${svc1} SRV`,
    answer: [`_http._tcp.${svc1} 5 IN SRV 0 100 80 ${svc1}`],
    additional: [`${svc1} 5 IN A 10.0.0.1`],
  },
  {
    says: 'the target of an SRV record is lower case',
    query: '_HTTP._Tcp.svc1.testns.svc.CLUSTER.local. SRV',
    answer: [`_HTTP._Tcp.svc1.testns.svc.CLUSTER.local. 5 IN SRV 0 100 80 ${svc1}`],
    additional: [`${svc1} 5 IN A 10.0.0.1`],
    coredns: {
      why: 'It takes the zone from the question. Letter case carries no meaning (RFC 4343 §3).',
      answer: [
        '_HTTP._Tcp.svc1.testns.svc.CLUSTER.local. 5 IN SRV 0 100 80 svc1.testns.svc.CLUSTER.local.',
      ],
      additional: ['svc1.testns.svc.CLUSTER.local. 5 IN A 10.0.0.1'],
    },
  },
  { query: `_http._tcp.${svc1} A`, answer: [`_http._tcp.${svc1} 5 IN A 10.0.0.1`] },
  { query: `_http._tcp.${svc1} AAAA`, ...nodata },
  { query: `_http._tcp.${svc1} TXT`, ...nodata },
  { query: `_http._udp.${svc1} SRV`, ...nxdomain },
  { query: `_https._tcp.${svc1} SRV`, ...nxdomain },
  {
    says: 'a name above an existing one exists (RFC 8020 §2)',
    query: `_tcp.${svc1} A`,
    ...nodata,
    coredns: { why: 'It takes `_tcp` for an endpoint.', ...nxdomain },
  },
  {
    says: 'labels of ports and protocols begin with an underscore (RFC 2782)',
    query: `http.tcp.${svc1} SRV`,
    ...nxdomain,
    coredns: {
      why: 'It strips underscores where there are any.',
      answer: [`http.tcp.${svc1} 5 IN SRV 0 100 80 ${svc1}`],
      additional: [`${svc1} 5 IN A 10.0.0.1`],
    },
  },
  { query: `a.b.c.${svc1} A`, ...nxdomain },
  { says: 'no wildcards', query: '*.testns.svc.cluster.local. A', ...nxdomain },
  { query: 'any.any.svc.cluster.local. A', ...nxdomain },
  { query: 'svc2.testns.svc.cluster.local. A', ...nxdomain },
  { query: 'ghost.svc.cluster.local. A', says: 'no Namespace object', ...nxdomain },
  { query: 'svc1.ghost.svc.cluster.local. A', ...nxdomain },
  { query: 'svc1.ghost.svc.cluster.local. TXT', ...nxdomain },
  {
    says: 'two names for port 53 are one SRV record at the bare name, and weights share 100',
    query: 'two-ports.testns.svc.cluster.local. SRV',
    answer: [
      'two-ports.testns.svc.cluster.local. 5 IN SRV 0 33 53 two-ports.testns.svc.cluster.local.',
      'two-ports.testns.svc.cluster.local. 5 IN SRV 0 33 80 two-ports.testns.svc.cluster.local.',
    ],
    additional: ['two-ports.testns.svc.cluster.local. 5 IN A 10.0.0.2'],
  },
  {
    query: '_dns._udp.two-ports.testns.svc.cluster.local. SRV',
    answer: [
      '_dns._udp.two-ports.testns.svc.cluster.local. 5 IN SRV 0 100 53 two-ports.testns.svc.cluster.local.',
    ],
    additional: ['two-ports.testns.svc.cluster.local. 5 IN A 10.0.0.2'],
  },
  {
    says: 'an unnamed port is reached by the bare name only',
    query: 'unnamed.testns.svc.cluster.local. SRV',
    answer: [
      'unnamed.testns.svc.cluster.local. 5 IN SRV 0 100 443 unnamed.testns.svc.cluster.local.',
    ],
    additional: ['unnamed.testns.svc.cluster.local. 5 IN A 10.0.0.3'],
  },
  { query: '_tcp.unnamed.testns.svc.cluster.local. SRV', ...nxdomain },
  {
    says: 'a service without endpoints keeps its address',
    query: 'svcempty.testns.svc.cluster.local. A',
    answer: ['svcempty.testns.svc.cluster.local. 5 IN A 10.0.0.4'],
  },
  {
    says: 'without ports there is the address (§2.3.1)',
    query: 'portless.testns.svc.cluster.local. A',
    answer: ['portless.testns.svc.cluster.local. 5 IN A 10.0.0.5'],
  },
  { says: 'but no SRV', query: 'portless.testns.svc.cluster.local. SRV', ...nodata },
  { query: 'svc6.testns.svc.cluster.local. A', ...nodata },
  {
    query: 'svc6.testns.svc.cluster.local. AAAA',
    answer: ['svc6.testns.svc.cluster.local. 5 IN AAAA 1234:abcd::1'],
  },
  {
    query: '_http._tcp.svc6.testns.svc.cluster.local. SRV',
    answer: [
      '_http._tcp.svc6.testns.svc.cluster.local. 5 IN SRV 0 100 80 svc6.testns.svc.cluster.local.',
    ],
    additional: ['svc6.testns.svc.cluster.local. 5 IN AAAA 1234:abcd::1'],
  },
  {
    query: 'svc-dual-stack.testns.svc.cluster.local. A',
    answer: ['svc-dual-stack.testns.svc.cluster.local. 5 IN A 10.0.0.6'],
  },
  {
    query: 'svc-dual-stack.testns.svc.cluster.local. AAAA',
    answer: ['svc-dual-stack.testns.svc.cluster.local. 5 IN AAAA 10::3'],
  },
  {
    says: 'both addresses count in the weight and stand in the glue',
    query: '_http._tcp.svc-dual-stack.testns.svc.cluster.local. SRV',
    answer: [
      '_http._tcp.svc-dual-stack.testns.svc.cluster.local. 5 IN SRV 0 50 80 svc-dual-stack.testns.svc.cluster.local.',
    ],
    additional: [
      'svc-dual-stack.testns.svc.cluster.local. 5 IN A 10.0.0.6',
      'svc-dual-stack.testns.svc.cluster.local. 5 IN AAAA 10::3',
    ],
  },
  {
    says: 'endpoints of a Service with a ClusterIP have names too',
    query: `ep1a.${svc1} A`,
    answer: [`ep1a.${svc1} 5 IN A 172.0.0.1`],
  },
  {
    query: `172-0-0-2.${svc1} SRV`,
    answer: [`172-0-0-2.${svc1} 5 IN SRV 0 100 8080 172-0-0-2.${svc1}`],
    additional: [`172-0-0-2.${svc1} 5 IN A 172.0.0.2`],
  },
  { query: `172-0-0-1.${svc1} A`, says: 'a hostname takes the place of the address', ...nxdomain },
]
