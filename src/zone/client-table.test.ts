import t from 'tap'
import { deletes, pod, upserts } from '../../test/support/cluster-objects.ts'
import { MapSink } from '../../test/support/map-sink.ts'
import type { Change } from '../objects/change.ts'
import { ServiceStore } from '../store/service-store.ts'
import { ClientTable } from './client-table.ts'

t.test('ClientTable says which pod has an address, where one namespace has it', async t => {
  const sink = new MapSink()
  const table = new ClientTable(sink)
  const store = new ServiceStore()
  const after = (changes: readonly Change[]): Record<string, string> => {
    table.apply(store.apply(changes).pods)
    return Object.fromEntries(
      sink.names().map(name => {
        const { bytes } = sink.answers(name)![0]!
        return [name, Buffer.from(bytes.subarray(13)).toString()]
      }),
    )
  }
  const one = { '1.0.0.10.in-addr.arpa.': 'a/one' }
  t.strictSame(after(upserts(pod('a/one', ['10.0.0.1', '::1', 'nonsense']))), {
    ...one,
    [`1.${'0.'.repeat(31)}ip6.arpa.`]: 'a/one',
  })
  t.strictSame(after(upserts(pod('a/one', ['10.0.0.1']))), one)
  t.strictSame(after(upserts({ ...pod('a/one', ['10.0.0.1']), terminating: true })), one)
  t.strictSame(after(upserts(pod('a/another', ['10.0.0.1']))), {
    '1.0.0.10.in-addr.arpa.': 'a/another',
  })
  t.strictSame(after(upserts(pod('b/one', ['10.0.0.1']))), {}, 'it may be either')
  t.strictSame(after(deletes(pod('a/another', []), pod('b/one', []))), one)
  t.strictSame(after(upserts(pod('a/one', ['10.0.0.1'], 'Succeeded'))), {})
  const long = pod(`a/${'x'.repeat(253)}`, ['10.0.0.2'])
  t.strictSame(after(upserts(long)), { '2.0.0.10.in-addr.arpa.': `a/${'x'.repeat(253)}` })
})
