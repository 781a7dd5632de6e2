import t from 'tap'
import { VirtualTime } from '../../test/support/virtual-time.ts'
import { addressSink } from './service-address-feed.ts'
import { AddressView } from './service-address-view.ts'
import { ClaimDesk } from './service-claim-desk.ts'
import { defaultPolicy } from './service-policy.ts'

const address = '10.96.0.9'
const resourceVersion = '1'

t.test('addressSink() tells the view and the claims', async t => {
  const view = new AddressView({ policy: defaultPolicy, serviceCidrs: [] })
  const desk = new ClaimDesk(view, new VirtualTime())
  const feed = { view, desk }
  for (const source of view.waitingFor) view.synced(source)
  addressSink('servicecidrs', feed).upsert({
    metadata: { name: 'kubernetes', resourceVersion },
    spec: { cidrs: ['10.96.0.0/16'] },
  })
  t.same(view.families, ['IPv4'])
  await desk.claim('10.96.0.8', 'default/web', new AbortController().signal)
  const service = { namespace: 'default', name: 'web' }
  addressSink('services', feed).upsert({
    metadata: { ...service, resourceVersion },
    spec: { clusterIPs: [address] },
  })
  t.equal(desk.size, 0)
  t.same([...view.holdersOf(address)], ['default/web'])
  addressSink('services', feed).delete(service)
  t.notOk(view.hasService('default/web'))
  const parentRef = { group: '', resource: 'services', ...service }
  const metadata = { name: address, resourceVersion }
  addressSink('ipaddresses', feed).upsert({ metadata, spec: { parentRef } })
  t.same([...view.holdersOf(address)], ['default/web'])
  addressSink('ipaddresses', feed).delete({ namespace: '', name: address })
  t.equal(view.holdersOf(address).size, 0)
  addressSink('servicecidrs', feed).delete({ namespace: '', name: 'kubernetes' })
  t.same(view.families, [])
})
