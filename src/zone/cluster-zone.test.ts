import t from 'tap'
import {
  deletes,
  endpoint,
  namespace,
  pod,
  service,
  slice,
  upserts,
} from '../../test/support/cluster-objects.ts'
import { checkCases, type QueryCase } from '../../test/support/query-cases.ts'
import { TestZone } from '../../test/support/test-zone.ts'

function owner(name: string): string {
  return `${name}.default.svc.cluster.local.`
}

/** A headless service that has 172.0.0.9 among its endpoints. */
function shared(name: string, hostname = '') {
  return [
    service(`default/${name}`, { ips: ['None'] }),
    slice(`default/${name}/a`, { endpoints: [endpoint('172.0.0.9', { hostname })] }),
  ]
}

function ptr(...targets: readonly string[]): QueryCase {
  return {
    query: '9.0.0.172.in-addr.arpa. PTR',
    answer: targets.map(target => `9.0.0.172.in-addr.arpa. 5 IN PTR ${owner(target)}`),
  }
}

/** A hundred endpoints of which one may not be ready. */
function hundred(isLastReady: boolean) {
  return slice('default/web/a', {
    ports: ['http:80'],
    endpoints: Array.from({ length: 100 }, (_, last) =>
      endpoint(`172.0.0.${last}`, { ready: last < 99 || isLastReady }),
    ),
  })
}

const web = service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'] })

t.test(
  'ClusterZone keeps an address that several services share until the last is gone',
  async t => {
    const zone = new TestZone()
    zone.apply(
      upserts(namespace('default'), ...shared('a'), ...shared('b', 'host'), ...shared('c')),
    )
    await checkCases(t, zone.ask, [ptr('host.b', '172-0-0-9.a', '172-0-0-9.c')])
    const [answer] = zone.sink.answers('9.0.0.172.in-addr.arpa.')!
    t.match(Buffer.from(answer!.bytes).toString('latin1'), /host.*172-0-0-9.a.*172-0-0-9.c/s)
    zone.apply(deletes(...shared('b')))
    await checkCases(t, zone.ask, [ptr('172-0-0-9.a', '172-0-0-9.c')])
    zone.apply(upserts(service('default/vip', { ips: ['172.0.0.9'], ports: ['80'] })))
    await checkCases(t, zone.ask, [ptr('vip')])
    zone.apply(deletes(...shared('a'), ...shared('c')))
    await checkCases(t, zone.ask, [ptr('vip')])
  },
)

t.test('ClusterZone.apply() touches what changed and nothing else', t => {
  const zone = new TestZone()
  zone.apply(upserts(namespace('default'), web, hundred(true)))
  t.equal(zone.apply(upserts(web, hundred(true))).changedNames, 0)
  t.equal(zone.apply(upserts(hundred(false))).changedNames, 2, 'the endpoint and its PTR')
  const headless = { ...web, clusterIP: 'None', clusterIPs: ['None'] }
  zone.apply(upserts(headless))
  t.equal(zone.apply(upserts(hundred(true))).changedNames, 4, 'and the service and its port')
  t.end()
})

t.test('ClusterZone serial is the second of the last change', t => {
  const zone = new TestZone()
  t.same(zone.serials(), [0, 0, 0])
  zone.apply(upserts(namespace('default')), 1000)
  t.same(zone.serials(), [1000, 1000, 1000])
  zone.apply(upserts(namespace('default')), 1001)
  t.same(zone.serials(), [1000, 1000, 1000], 'nothing changed')
  zone.apply(upserts(web), 1002)
  t.same(zone.serials(), [1002, 1002, 1002])
  zone.apply(deletes(web), 900)
  t.same(zone.serials(), [1002, 1002, 1002], 'the clock went back')
  t.end()
})

t.test('ClusterZone.apply() counts what it leaves out', t => {
  const long = 'x'.repeat(64)
  const rows = [
    {
      object: service(`default/${long}`, { ips: ['10.0.0.2'], ports: ['80'] }),
      kind: 'illegal-name',
    },
    { object: service('default/bad', { externalName: `${long}.test` }), kind: 'illegal-name' },
    { object: service('default/root', { externalName: '.' }), kind: 'illegal-name' },
    { object: namespace(long), kind: 'illegal-name' },
    { object: service('default/bad', { ips: ['10.0.0'], ports: ['80'] }), kind: 'bad-address' },
    {
      object: service('default/port', { ips: ['10.0.0.3'], ports: [`${long}:80`] }),
      kind: 'illegal-name',
    },
    {
      object: slice('default/web/b', { endpoints: [endpoint('172.0.0.3', { hostname: long })] }),
      kind: 'illegal-name',
    },
    {
      object: slice('default/web/b', { endpoints: [endpoint('172.0.0.256')] }),
      kind: 'bad-address',
    },
    { object: pod(`${long}/one`, ['10.0.0.9']), kind: 'illegal-name' },
  ]
  for (const { object, kind } of rows) {
    const zone = new TestZone({ pods: 'verified' })
    zone.apply(upserts(namespace('default'), web))
    const { problems } = zone.apply(upserts(object))
    t.match(problems, [{ kind }], `${object.kind} ${object.name.slice(0, 9)}`)
    t.ok(zone.sink.answers('web.default.svc.cluster.local.'), 'the rest is there')
    t.same(zone.apply([]).problems, [], 'problems are reported once')
  }
  t.end()
})

t.test('ClusterZone with a zone that is no name throws', t => {
  t.throws(() => new TestZone({ zone: 'a..b' }), { name: 'RangeError' })
  t.throws(() => new TestZone({ zone: `${'x'.repeat(60)}.`.repeat(4) }), { name: 'RangeError' })
  t.end()
})
