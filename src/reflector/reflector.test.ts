import t from 'tap'
import { FakeApiServer } from '../../test/support/fake-api-server.ts'
import { ReflectedCollection, servicesPath } from '../../test/support/reflected-collection.ts'

t.test('Reflector lists what there is and follows what comes', async t => {
  await using server = await FakeApiServer.open()
  server.put(servicesPath, { metadata: { name: 'a', namespace: 'x' } })
  server.put(servicesPath, { metadata: { name: 'b', namespace: 'x' } })
  await using seen = new ReflectedCollection(server)
  await seen.equal()
  server.put(servicesPath, { metadata: { name: 'c', namespace: 'x' } })
  await seen.equal()
  await seen.stop()
  t.same(seen.state, ['x/a@2', 'x/b@3', 'x/c@4'])
  t.same(seen.said, ['settled watching', 'synced', 'settled watching'])
})
