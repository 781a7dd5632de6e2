import type { QueryCase } from '../../support/query-cases.ts'

const nodata = { authority: 'soa' } as const
const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const
const kubeDns = 'kube-dns.kube-system.svc.cluster.local.'
const soaQuirk = 'It answers NODATA to SOA for every name, existing or not.'
const txtQuirk = 'Its TXT path knows no names without records.'

/** Names that need no Service: the apex, empty non-terminals, the version, name servers, absent names. */
export const zoneNameCases: readonly QueryCase[] = [
  { query: 'cluster.local. A', ...nodata },
  { query: 'cluster.local. HINFO', ...nodata },
  { query: 'cluster.local. SRV', ...nodata },
  {
    query: 'cluster.local. TXT',
    ...nodata,
    coredns: { why: txtQuirk, ...nxdomain },
  },
  {
    says: 'the name servers are the Service of which we are an endpoint',
    query: 'cluster.local. NS',
    answer: [`cluster.local. 5 IN NS ${kubeDns}`],
    additional: [`${kubeDns} 5 IN A 10.0.0.10`],
  },
  {
    query: 'Cluster.LOCAL. NS',
    answer: [`Cluster.LOCAL. 5 IN NS kube-dns.kube-system.svc.Cluster.LOCAL.`],
    additional: ['kube-dns.kube-system.svc.Cluster.LOCAL. 5 IN A 10.0.0.10'],
    coredns: { why: 'It compares with the zone in the letter case of the question.', ...nodata },
  },
  {
    says: 'reverse zones have the same name servers',
    query: 'in-addr.arpa. NS',
    answer: [`in-addr.arpa. 5 IN NS ${kubeDns}`],
    additional: [`${kubeDns} 5 IN A 10.0.0.10`],
    coredns: {
      why: 'It puts their names below the reverse zone, where they do not exist.',
      answer: ['in-addr.arpa. 5 IN NS kube-dns.kube-system.svc.in-addr.arpa.'],
      additional: ['kube-dns.kube-system.svc.in-addr.arpa. 5 IN A 10.0.0.10'],
    },
  },
  {
    query: 'ns.dns.cluster.local. A',
    answer: ['ns.dns.cluster.local. 5 IN A 10.0.0.10'],
  },
  { query: 'ns.dns.cluster.local. AAAA', ...nodata },
  {
    query: 'ns.dns.cluster.local. TXT',
    ...nodata,
    coredns: { why: txtQuirk, ...nxdomain },
  },
  { query: 'ns.dns.in-addr.arpa. A', answer: ['ns.dns.in-addr.arpa. 5 IN A 10.0.0.10'] },
  {
    says: 'the version of the specification (§2.2)',
    query: 'dns-version.cluster.local. TXT',
    answer: ['dns-version.cluster.local. 28800 IN TXT "1.1.0"'],
  },
  {
    query: 'dns-version.cluster.local. A',
    ...nodata,
    coredns: { why: 'It knows the name in its TXT path only (RFC 2308 §2.2).', ...nxdomain },
  },
  { query: 'svc.cluster.local. A', ...nodata },
  { query: 'svc.cluster.local. NS', ...nodata },
  { query: 'pod.cluster.local. A', ...nodata },
  { query: 'svc.cluster.local. TXT', ...nodata, coredns: { why: txtQuirk, ...nxdomain } },
  { query: 'pod.cluster.local. TXT', ...nodata, coredns: { why: txtQuirk, ...nxdomain } },
  { query: 'testns.svc.cluster.local. A', ...nodata },
  { query: 'testns.svc.cluster.local. SOA', ...nodata },
  { query: 'testns.svc.cluster.local. TXT', ...nodata, coredns: { why: txtQuirk, ...nxdomain } },
  {
    says: 'a namespace without services exists',
    query: 'default.svc.cluster.local. A',
    ...nodata,
  },
  { query: 'nowhere.svc.cluster.local. A', ...nxdomain },
  { query: 'nowhere.svc.cluster.local. NS', ...nxdomain },
  {
    query: 'nowhere.svc.cluster.local. SOA',
    ...nxdomain,
    coredns: { why: soaQuirk, ...nodata },
  },
  { query: 'foo.cluster.local. A', ...nxdomain },
  { query: 'foo.cluster.local. SOA', ...nxdomain, coredns: { why: soaQuirk, ...nodata } },
  {
    says: 'a name of the search path is answered at once',
    query: 'svc1.testns.svc.cluster.local.testns.svc.cluster.local. A',
    ...nxdomain,
  },
  { query: 'default.pod.cluster.local. A', says: 'pods are disabled', ...nxdomain },
  { query: '10-244-0-5.default.pod.cluster.local. A', ...nxdomain },
  { query: '100.0.0.10.cluster.local. PTR', ...nxdomain },
]
