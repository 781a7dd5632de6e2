import type { QueryCase } from '../../support/query-cases.ts'

const zone = 'testns.svc.cluster.local.'
const nodata = { authority: 'soa' } as const
const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const
const external = `external.${zone} 5 IN CNAME ext.interwebs.test.`
const toService = `external-to-service.${zone} 5 IN CNAME svc1.${zone}`
const toMissing = `external-to-missing.${zone} 5 IN CNAME gone.${zone}`
const everyType = 'A CNAME answers every type but its own kin (RFC 1034 §4.3.2).'

/** Kubernetes DNS specification §2.5, Services of type ExternalName. */
export const externalNameCases: readonly QueryCase[] = [
  { query: `external.${zone} CNAME`, answer: [external] },
  { query: `external.${zone} A`, answer: [external] },
  { query: `external.${zone} AAAA`, answer: [external] },
  {
    says: everyType,
    query: `external.${zone} HTTPS`,
    answer: [external],
    coredns: { why: 'It answers A, AAAA and CNAME only.', ...nodata },
  },
  {
    query: `external.${zone} MX`,
    answer: [external],
    coredns: { why: 'As above.', ...nodata },
  },
  {
    query: `external.${zone} SRV`,
    answer: [external],
    coredns: { why: 'As above.', ...nodata },
  },
  { query: `x.external.${zone} A`, ...nxdomain },
  { query: `_http._tcp.external.${zone} SRV`, ...nxdomain },
  { query: `external-ip.${zone} A`, ...nxdomain },
  { query: `external-ip.${zone} CNAME`, ...nxdomain },
  {
    says: 'a target in the zone is followed, the CNAME first',
    query: `external-to-service.${zone} A`,
    answer: [toService, `svc1.${zone} 5 IN A 10.0.0.1`],
  },
  { query: `external-to-service.${zone} CNAME`, answer: [toService] },
  {
    query: `external-to-service.${zone} SRV`,
    answer: [toService, `svc1.${zone} 5 IN SRV 0 100 80 svc1.${zone}`],
    additional: [`svc1.${zone} 5 IN A 10.0.0.1`],
    coredns: { why: 'It answers A, AAAA and CNAME only.', ...nodata },
  },
  {
    says: 'a target without the type is NODATA behind the CNAME (RFC 2308 §2.2)',
    query: `external-to-service.${zone} AAAA`,
    answer: [toService],
    ...nodata,
    coredns: { why: 'It leaves out the CNAME.', ...nodata },
  },
  {
    query: `external-to-service.${zone} TXT`,
    answer: [toService],
    ...nodata,
    coredns: { why: 'It answers A, AAAA and CNAME only.', ...nodata },
  },
  {
    query: `external-to-headless.${zone} AAAA`,
    answer: [
      `external-to-headless.${zone} 5 IN CNAME hdls1.${zone}`,
      `hdls1.${zone} 5 IN AAAA 5678:abcd::1`,
      `hdls1.${zone} 5 IN AAAA 5678:abcd::2`,
    ],
  },
  {
    query: `external-to-port.${zone} A`,
    answer: [
      `external-to-port.${zone} 5 IN CNAME _http._tcp.svc1.${zone}`,
      `_http._tcp.svc1.${zone} 5 IN A 10.0.0.1`,
    ],
  },
  {
    says: 'a target that does not exist makes the answer NXDOMAIN (RFC 6604 §3)',
    query: `external-to-missing.${zone} A`,
    answer: [toMissing],
    ...nxdomain,
    coredns: { why: 'It answers NODATA without the CNAME.', ...nodata },
  },
  {
    query: `external-to-missing.${zone} TXT`,
    answer: [toMissing],
    ...nxdomain,
    coredns: { why: 'It answers A, AAAA and CNAME only.', ...nodata },
  },
  {
    says: 'but the CNAME itself exists',
    query: `external-to-missing.${zone} CNAME`,
    answer: [toMissing],
  },
  {
    query: `external-to-empty.${zone} A`,
    answer: [`external-to-empty.${zone} 5 IN CNAME ${zone}`],
    ...nodata,
    coredns: { why: 'It leaves out the CNAME.', ...nodata },
  },
  {
    query: `external-to-external.${zone} A`,
    answer: [`external-to-external.${zone} 5 IN CNAME external.${zone}`, external],
  },
  {
    says: 'chains are followed',
    query: `chain.${zone} A`,
    answer: [
      `chain.${zone} 5 IN CNAME external-to-service.${zone}`,
      toService,
      `svc1.${zone} 5 IN A 10.0.0.1`,
    ],
  },
  {
    query: `chain.${zone} CNAME`,
    answer: [`chain.${zone} 5 IN CNAME external-to-service.${zone}`],
  },
  { says: 'loops lead nowhere', query: `loop-a.${zone} A`, ...nodata },
  { query: `loop-a.${zone} CNAME`, answer: [`loop-a.${zone} 5 IN CNAME loop-b.${zone}`] },
  {
    says: 'letter case does not matter',
    query: `external-upper.${zone} A`,
    answer: [
      `external-upper.${zone} 5 IN CNAME SVC1.TestNS.svc.Cluster.Local.`,
      'SVC1.TestNS.svc.Cluster.Local. 5 IN A 10.0.0.1',
    ],
  },
]
