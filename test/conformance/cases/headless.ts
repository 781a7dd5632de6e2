import type { QueryCase } from '../../support/query-cases.ts'

const hdls1 = 'hdls1.testns.svc.cluster.local.'
const nodata = { authority: 'soa' } as const
const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const
const glue = [
  `172-0-0-2.${hdls1} 5 IN A 172.0.0.2`,
  `172-0-0-3.${hdls1} 5 IN A 172.0.0.3`,
  `5678-abcd--1.${hdls1} 5 IN AAAA 5678:abcd::1`,
  `5678-abcd--2.${hdls1} 5 IN AAAA 5678:abcd::2`,
  `dup-name.${hdls1} 5 IN A 172.0.0.4`,
  `dup-name.${hdls1} 5 IN A 172.0.0.5`,
]

function srvOf(owner: string): string[] {
  return ['172-0-0-2', '172-0-0-3', '5678-abcd--1', '5678-abcd--2', 'dup-name'].map(
    label => `${owner} 5 IN SRV 0 16 80 ${label}.${hdls1}`,
  )
}

/** Kubernetes DNS specification §2.4, headless Services. */
export const headlessCases: readonly QueryCase[] = [
  {
    query: `${hdls1} A`,
    answer: [2, 3, 4, 5].map(last => `${hdls1} 5 IN A 172.0.0.${last}`),
  },
  {
    query: `${hdls1} AAAA`,
    answer: [`${hdls1} 5 IN AAAA 5678:abcd::1`, `${hdls1} 5 IN AAAA 5678:abcd::2`],
  },
  {
    says: 'one SRV per target, glue of both families, weight by addresses',
    query: `_http._tcp.${hdls1} SRV`,
    answer: srvOf(`_http._tcp.${hdls1}`),
    additional: glue,
  },
  { query: `${hdls1} SRV`, answer: srvOf(hdls1), additional: glue },
  {
    query: `_http._tcp.${hdls1} AAAA`,
    answer: [
      `_http._tcp.${hdls1} 5 IN AAAA 5678:abcd::1`,
      `_http._tcp.${hdls1} 5 IN AAAA 5678:abcd::2`,
    ],
  },
  { query: `${hdls1} TXT`, ...nodata },
  { query: `_http._udp.${hdls1} SRV`, ...nxdomain },
  {
    query: `dup-name.${hdls1} A`,
    answer: [`dup-name.${hdls1} 5 IN A 172.0.0.4`, `dup-name.${hdls1} 5 IN A 172.0.0.5`],
  },
  {
    query: `dup-name.${hdls1} SRV`,
    answer: [`dup-name.${hdls1} 5 IN SRV 0 50 80 dup-name.${hdls1}`],
    additional: [`dup-name.${hdls1} 5 IN A 172.0.0.4`, `dup-name.${hdls1} 5 IN A 172.0.0.5`],
  },
  {
    query: `5678-ABCD--1.${hdls1} AAAA`,
    answer: [`5678-ABCD--1.${hdls1} 5 IN AAAA 5678:abcd::1`],
  },
  { query: `5678-abcd--1.${hdls1} A`, ...nodata },
  {
    says: 'only the printed form of an IPv6 address is a name',
    query: `5678-abcd-0-0-0-0-0-1.${hdls1} AAAA`,
    ...nxdomain,
  },
  {
    says: 'a label does not end in a dash',
    query: 'fd01--0.svc-dual-stack.testns.svc.cluster.local. AAAA',
    answer: ['fd01--0.svc-dual-stack.testns.svc.cluster.local. 5 IN AAAA fd01::'],
  },
  { query: `172-0-0-9.${hdls1} A`, ...nxdomain },
  { query: `a.172-0-0-2.${hdls1} A`, ...nxdomain },
  {
    says: 'without ports there are addresses',
    query: 'hdlsprtls.testns.svc.cluster.local. A',
    answer: ['hdlsprtls.testns.svc.cluster.local. 5 IN A 172.0.0.20'],
  },
  { says: 'but no SRV', query: 'hdlsprtls.testns.svc.cluster.local. SRV', ...nodata },
  {
    says: 'no ready endpoint: the name must not exist (§2.4.1)',
    query: 'unready.testns.svc.cluster.local. A',
    ...nxdomain,
  },
  { query: 'unready.testns.svc.cluster.local. TXT', ...nxdomain },
  { query: '_http._tcp.unready.testns.svc.cluster.local. SRV', ...nxdomain },
  {
    query: 'half-ready.testns.svc.cluster.local. A',
    answer: ['half-ready.testns.svc.cluster.local. 5 IN A 172.0.0.31'],
  },
  { query: '172-0-0-32.half-ready.testns.svc.cluster.local. A', ...nxdomain },
  {
    query: 'early.testns.svc.cluster.local. A',
    answer: ['early.testns.svc.cluster.local. 5 IN A 172.0.0.33'],
  },
  {
    says: 'an endpoint in two slices is one address',
    query: 'skewed.testns.svc.cluster.local. A',
    answer: ['skewed.testns.svc.cluster.local. 5 IN A 172.0.0.40'],
  },
  {
    query: 'two-slices.testns.svc.cluster.local. SRV',
    answer: [
      'two-slices.testns.svc.cluster.local. 5 IN SRV 0 50 80 172-0-0-50.two-slices.testns.svc.cluster.local.',
      'two-slices.testns.svc.cluster.local. 5 IN SRV 0 50 8080 172-0-0-51.two-slices.testns.svc.cluster.local.',
    ],
    additional: [
      '172-0-0-50.two-slices.testns.svc.cluster.local. 5 IN A 172.0.0.50',
      '172-0-0-51.two-slices.testns.svc.cluster.local. 5 IN A 172.0.0.51',
    ],
  },
  {
    says: 'three addresses weigh 33 each',
    query: 'three.testns.svc.cluster.local. SRV',
    answer: [1, 2, 3].map(
      last =>
        `three.testns.svc.cluster.local. 5 IN SRV 0 33 80 172-0-0-6${last}.three.testns.svc.cluster.local.`,
    ),
    additional: [1, 2, 3].map(
      last => `172-0-0-6${last}.three.testns.svc.cluster.local. 5 IN A 172.0.0.6${last}`,
    ),
  },
  {
    says: 'host names are no addresses: several CNAMEs at one name are illegal (RFC 2181 §10.1)',
    query: 'fqdn.testns.svc.cluster.local. A',
    ...nxdomain,
    coredns: {
      why: 'It answers the CNAMEs.',
      answer: ['fqdn.testns.svc.cluster.local. 5 IN CNAME www.example.org.'],
    },
  },
  { query: 'orphan.testns.svc.cluster.local. A', ...nxdomain },
]
