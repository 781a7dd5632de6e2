import t from 'tap'
import { reduceIpAddress } from './ip-address.ts'

t.test('reduceIpAddress() says which Service has the address', async t => {
  const labels = { 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' }
  const parentRef = { group: '', resource: 'services', namespace: 'default', name: 'web' }
  t.same(reduceIpAddress({ metadata: { name: '10.96.0.9', labels }, spec: { parentRef } }), {
    kind: 'IPAddress',
    name: '10.96.0.9',
    managedBy: 'ipallocator.k8s.io',
    service: 'default/web',
  })
  const cases: [parentRef: object, service: string][] = [
    [{ ...parentRef, group: undefined }, 'default/web'],
    [{ ...parentRef, group: 'apps' }, ''],
    [{ ...parentRef, resource: 'gateways' }, ''],
  ]
  for (const [parentRef, service] of cases)
    t.equal(reduceIpAddress({ spec: { parentRef } }).service, service)
  t.same(reduceIpAddress({}), { kind: 'IPAddress', name: '', managedBy: '', service: '' })
})
