import t from 'tap'
import { service } from '../../test/support/cluster-objects.ts'
import { externalNames, externalTargets } from './external-names.ts'
import { resolveOptions } from './cluster-zone-options.ts'
import { renderRecord } from './resource-record.ts'
import { ServiceRecords } from './service-records.ts'
import { ZoneProblems } from './zone-problems.ts'

const [frame] = resolveOptions({ zone: 'example.org' })
const services = new ServiceRecords(frame, new ZoneProblems())
const ips = ['10.0.0.1']

t.test('externalNames() depends on where a Service can be reached', async t => {
  const keys = (fields: object, headless = false): string[] => {
    const one = service('default/web', { ips, ports: ['http:80', '81'], ...fields })
    const view = { namespace: 'default', name: 'web', service: one, slices: [] }
    return externalNames(view, { frame, services, headless }).map(({ key }) => key)
  }
  const named = service('a/web', { ips, ports: ['http:80'], loadBalancer: ['lb.example.net'] })
  const view = { namespace: 'a', name: 'web', service: named, slices: [] }
  t.strictSame(
    externalNames(view, { frame, services, headless: false }).map(({ answers }) =>
      answers().flatMap(({ records }) => records.map(renderRecord)),
    ),
    [
      Array.from({ length: 2 }, () => 'web.a.svc.example.org. 5 IN CNAME lb.example.net.'),
      ['_http._tcp.web.a.svc.example.org. 5 IN SRV 0 100 80 lb.example.net.'],
    ],
  )
  t.strictSame(keys({}), [])
  t.strictSame(keys({}, true), [], 'not headless')
  t.strictSame(keys({ externalIPs: ['192.0.2.1'] }), ['', '_http._tcp'])
  t.strictSame(keys({ loadBalancer: ['lb.example.net'] }), ['', '_http._tcp'])
  t.strictSame(keys({ loadBalancer: ['lb.example.net'], externalIPs: ['192.0.2.1'] }), [
    '',
    '_http._tcp',
  ])
  t.strictSame(keys({ ips: ['None'] }, true), [], 'no endpoint')
  t.strictSame(keys({ loadBalancer: ['a..b'] }), [])
  const gone = { namespace: 'default', name: 'web', service: undefined, slices: [] }
  t.strictSame(externalNames(gone, { frame, services, headless: true }), [])
  t.strictSame(externalTargets(service('a/b', { loadBalancer: ['x'], externalIPs: ['y'] })), [
    'x',
    'y',
  ])
})
