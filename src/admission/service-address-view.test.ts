import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { reduceService } from '../objects/service.ts'
import { AddressView } from './service-address-view.ts'
import { defaultPolicy } from './service-policy.ts'

const rule = defaultPolicy.rules[0]!

function emptyView(...serviceCidrs: string[]): AddressView {
  const cidrs = serviceCidrs.map(text => parseCidr(text)!)
  return new AddressView({ policy: defaultPolicy, serviceCidrs: cidrs })
}

function addCidr(view: AddressView, name: string, ...cidrs: string[]): void {
  view.applyServiceCidr({ kind: 'ServiceCIDR', name, cidrs, ready: true })
}

function choice(view: AddressView, family: 'IPv4' | 'IPv6'): string | undefined {
  return view.poolOf(rule, family)?.candidates('default/web', 1)[0]
}

t.test('AddressView is ready when everything has been told or cannot be', async t => {
  const view = emptyView()
  t.same(view.waitingFor, ['services', 'servicecidrs', 'ipaddresses'])
  view.synced('services')
  view.missing('servicecidrs')
  t.notOk(view.isReady)
  view.missing('ipaddresses')
  t.ok(view.isReady)
})

t.test('AddressView takes the networks of the option where there are no ServiceCIDRs', async t => {
  const view = emptyView('10.97.0.0/16', 'fd00::/112')
  t.same(view.families, [])
  view.missing('servicecidrs')
  t.same(view.families, ['IPv4', 'IPv6'])
  t.match(choice(view, 'IPv4'), /^10\.97\./)
  addCidr(view, 'kubernetes', '10.96.0.0/16')
  t.same(view.families, ['IPv4'], 'the API server was upgraded')
  t.match(choice(view, 'IPv4'), /^10\.96\./)
  view.missing('servicecidrs')
  t.match(choice(view, 'IPv4'), /^10\.96\./)
})

t.test("AddressView takes its families from the API server's own ServiceCIDR", async t => {
  const view = emptyView()
  addCidr(view, 'a', 'fd00::/112')
  t.same(view.families, ['IPv6'], 'there is no other')
  addCidr(view, 'kubernetes', '10.96.0.0/16')
  t.same(view.families, ['IPv4'])
  addCidr(view, 'b', '10.95.0.0/16')
  t.match(choice(view, 'IPv4'), /^10\.96\./, 'its own first')
  t.equal(view.cidrCount('IPv4'), 2)
  view.deleteServiceCidr('kubernetes')
  t.match(choice(view, 'IPv4'), /^10\.95\./)
})

t.test('AddressView gives nothing out of a ServiceCIDR that is not ready', async t => {
  const view = emptyView()
  const cidr = { kind: 'ServiceCIDR', name: 'kubernetes', cidrs: ['10.96.0.0/16'] } as const
  view.applyServiceCidr({ ...cidr, ready: false })
  t.same(view.families, ['IPv4'])
  t.equal(choice(view, 'IPv4'), undefined)
  view.applyServiceCidr({ ...cidr, ready: true })
  t.match(choice(view, 'IPv4'), /^10\.96\./)
})

t.test('AddressView holds an address until neither Service nor IPAddress has it', async t => {
  const view = emptyView()
  addCidr(view, 'kubernetes', '10.96.0.0/24')
  const free = choice(view, 'IPv4')!
  const service = { metadata: { namespace: 'default', name: 'web' }, spec: { clusterIPs: [free] } }
  view.applyService(reduceService(service))
  view.applyIpAddress({ kind: 'IPAddress', name: free, managedBy: '', service: 'default/web' })
  t.same([...view.holdersOf(free)], ['default/web'])
  t.equal(view.usage()[0]!.dynamic.taken, 1)
  view.deleteService('default/web')
  t.notOk(view.isFree('default/web'))
  t.not(choice(view, 'IPv4'), free)
  addCidr(view, 'more', '10.97.0.0/24')
  t.not(choice(view, 'IPv4'), free, 'also in pools that are made anew')
  view.applyIpAddress({ kind: 'IPAddress', name: free, managedBy: '', service: 'default/other' })
  t.ok(view.isFree('default/web'))
  t.same([...view.holdersOf(free)], ['default/other'])
  view.deleteIpAddress(free)
  view.deleteIpAddress(free)
  t.equal(choice(view, 'IPv4'), free)
  t.equal(view.usage()[0]!.dynamic.taken, 0)
})

t.test('AddressView knows an address that is written in another form', async t => {
  const view = emptyView()
  const spec = { clusterIPs: ['FD00:0::A'] }
  view.applyService(reduceService({ metadata: { namespace: 'a', name: 'b' }, spec }))
  t.same([...view.holdersOf('fd00::a')], ['a/b'])
  view.applyService(reduceService({ metadata: { namespace: 'a', name: 'b' }, spec: {} }))
  t.equal(view.holdersOf('fd00::a').size, 0)
  t.ok(view.hasService('a/b'))
})
