import type { QueryCase } from '../../support/query-cases.ts'

const nodata = { authority: 'soa' } as const
const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const

function ptr(address: string, ...targets: readonly string[]): QueryCase {
  const owner = `${address.split('.').reverse().join('.')}.in-addr.arpa.`
  return {
    query: `${owner} PTR`,
    answer: targets.map(target => `${owner} 5 IN PTR ${target}.testns.svc.cluster.local.`),
  }
}

const svc6 = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.c.b.a.4.3.2.1.ip6.arpa.'

/** Kubernetes DNS specification §2.3.3 and §2.4.3, PTR records. */
export const reverseCases: readonly QueryCase[] = [
  ptr('10.0.0.1', 'svc1'),
  ptr('172.0.0.1', 'ep1a.svc1'),
  ptr('172.0.0.3', '172-0-0-3.hdls1'),
  { ...ptr('172.0.0.2', '172-0-0-2.hdls1', '172-0-0-2.svc1'), says: 'one for each service' },
  {
    ...ptr('172.0.0.70', 'adder.double-ep', 'zebra.double-ep', '172-0-0-70.double-ep'),
    says: 'one for each name of the endpoint',
  },
  { ...ptr('172.0.0.40', '172-0-0-40.skewed'), says: 'one for an endpoint in two slices' },
  {
    query: `${svc6} PTR`,
    answer: [`${svc6} 5 IN PTR svc6.testns.svc.cluster.local.`],
  },
  {
    says: 'the name exists, so other types are NODATA (RFC 2308 §2.2)',
    query: '1.0.0.10.in-addr.arpa. A',
    ...nodata,
    coredns: { why: 'It looks for a service of that name.', ...nxdomain },
  },
  { says: 'not ready', query: '32.0.0.172.in-addr.arpa. PTR', ...nxdomain },
  {
    says: 'its Namespace does not exist',
    query: '99.0.0.10.in-addr.arpa. PTR',
    ...nxdomain,
    coredns: {
      why: 'It looks at Namespaces only where `namespaces` is set.',
      answer: ['99.0.0.10.in-addr.arpa. 5 IN PTR svc1.ghost.svc.cluster.local.'],
    },
  },
  {
    says: 'a Service without ports has its PTR too',
    query: '5.0.0.10.in-addr.arpa. PTR',
    answer: ['5.0.0.10.in-addr.arpa. 5 IN PTR portless.testns.svc.cluster.local.'],
  },
  {
    says: 'every PTR leads to a name that exists',
    query: '80.0.0.172.in-addr.arpa. PTR',
    ...nxdomain,
    coredns: {
      why: 'It answers for slices of Services that do not exist.',
      answer: ['80.0.0.172.in-addr.arpa. 5 IN PTR 172-0-0-80.orphan.testns.svc.cluster.local.'],
    },
  },
  { query: '200.0.0.10.in-addr.arpa. PTR', ...nxdomain },
  {
    says: 'a name above an existing one exists (RFC 8020 §2)',
    query: '0.0.10.in-addr.arpa. PTR',
    ...nodata,
    coredns: { why: 'It knows whole addresses only.', ...nxdomain },
  },
  { query: 'in-addr.arpa. PTR', ...nodata },
  { query: 'ip6.arpa. A', ...nodata },
]
