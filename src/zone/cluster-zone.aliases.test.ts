import t from 'tap'
import {
  deletes,
  endpoint,
  namespace,
  service,
  slice,
  upserts,
} from '../../test/support/cluster-objects.ts'
import { checkCases, type QueryCase } from '../../test/support/query-cases.ts'
import { TestZone } from '../../test/support/test-zone.ts'

const nxdomain = { rcode: 'NXDOMAIN', authority: 'soa' } as const

function owner(name: string): string {
  return `${name}.default.svc.cluster.local.`
}

function link(name: string, target: string) {
  return service(`default/${name}`, { externalName: `${target}.cluster.local` })
}

const web = service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'] })
const webSlice = slice('default/web/a', {
  ports: ['http:80'],
  endpoints: [endpoint('172.0.0.1', { podName: 'web-1' }), endpoint('172.0.0.2')],
})
t.test('ClusterZone answers for ExternalName services follow their targets', async t => {
  const zone = new TestZone({ localAddresses: ['172.0.0.1'] })
  const first = `${owner('first')} 5 IN CNAME ${owner('second')}`
  const second = `${owner('second')} 5 IN CNAME ${owner('web')}`
  const dns = `${owner('dns')} 5 IN CNAME ns.dns.cluster.local.`
  const chain = (answer: readonly string[], rest: Partial<QueryCase> = {}): QueryCase => {
    return { query: `${owner('first')} A`, answer: [first, second, ...answer], ...rest }
  }
  zone.apply(
    upserts(
      namespace('default'),
      link('first', 'second.default.svc'),
      link('second', 'web.default.svc'),
      link('dns', 'ns.dns'),
    ),
  )
  await checkCases(t, zone.ask, [
    chain([], nxdomain),
    { query: `${owner('dns')} A`, answer: [dns, 'ns.dns.cluster.local. 5 IN A 172.0.0.1'] },
  ])
  zone.apply(upserts(web))
  await checkCases(t, zone.ask, [chain([`${owner('web')} 5 IN A 10.0.0.1`])])
  zone.apply(upserts(webSlice))
  await checkCases(t, zone.ask, [
    { query: `${owner('dns')} A`, answer: [dns, 'ns.dns.cluster.local. 5 IN A 10.0.0.1'] },
  ])
  zone.apply(deletes(web))
  await checkCases(t, zone.ask, [
    chain([], nxdomain),
    { query: `${owner('dns')} A`, answer: [dns, 'ns.dns.cluster.local. 5 IN A 172.0.0.1'] },
  ])
})

t.test('ClusterZone follows eleven CNAMEs and no more, as CoreDNS does', async t => {
  const zone = new TestZone()
  const links = Array.from({ length: 12 }, (_, position) =>
    service(`default/a${position}`, { externalName: owner(`a${position + 1}`) }),
  )
  const last = service('default/a12', { ips: ['10.0.0.12'], ports: ['80'] })
  zone.apply(upserts(namespace('default'), ...links, last))
  const cnames = Array.from(
    { length: 12 },
    (_, position) => `${owner(`a${position}`)} 5 IN CNAME ${owner(`a${position + 1}`)}`,
  )
  await checkCases(t, zone.ask, [
    { query: `${owner('a0')} A`, answer: cnames.slice(0, 11) },
    { query: `${owner('a1')} A`, answer: [...cnames.slice(1), `${owner('a12')} 5 IN A 10.0.0.12`] },
  ])
})
