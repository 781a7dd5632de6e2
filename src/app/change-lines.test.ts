import t from 'tap'
import type { Change } from '../objects/change.ts'
import { ServiceStore } from '../store/service-store.ts'
import { service } from '../../test/support/cluster-objects.ts'
import { describeChanges } from './change-lines.ts'

function upserts(count: number, port: string): Change[] {
  return Array.from({ length: count }, (_, i) => ({
    type: 'upsert',
    object: service(`shop/s${i}`, { ips: [`10.96.1.${i}`], ports: [port] }),
  }))
}

function deletes(count: number): Change[] {
  return Array.from({ length: count }, (_, i) => ({
    type: 'delete',
    kind: 'Service',
    namespace: 'shop',
    name: `s${i}`,
  }))
}

t.test('describeChanges() has a line for each Service', async t => {
  const store = new ServiceStore()
  const say = (changes: readonly Change[]): unknown => describeChanges(store.apply(changes))
  t.strictSame(say(upserts(1, '80')), [
    { message: 'service shop/s0 added: 10.96.1.0 80/TCP, 0 ready endpoints' },
  ])
  t.strictSame(say(upserts(1, '81')), [
    { message: 'service shop/s0 changed: 10.96.1.0 81/TCP, 0 ready endpoints' },
  ])
  t.strictSame(say(deletes(1)), [{ message: 'service shop/s0 removed' }])
})

t.test('describeChanges() counts where there are many', async t => {
  const store = new ServiceStore()
  t.equal(describeChanges(store.apply(upserts(20, '80'))).length, 20)
  const changes = [...upserts(23, '81').slice(2), ...deletes(2)]
  t.strictSame(describeChanges(store.apply(changes)), [
    { message: 'services changed', fields: { added: 3, changed: 18, removed: 2 } },
  ])
})
