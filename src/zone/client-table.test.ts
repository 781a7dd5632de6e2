import t from 'tap'
import { deletes, pod, upserts } from '../../test/support/cluster-objects.ts'
import { MapSink } from '../../test/support/map-sink.ts'
import type { Change } from '../objects/change.ts'
import { ServiceStore } from '../store/service-store.ts'
import { type ClientDetail, ClientTable } from './client-table.ts'

const head = 13

/** A table, and what is in it after some changes: the texts of each name. */
function tableOf(detail: ClientDetail): (changes: readonly Change[]) => Record<string, string[]> {
  const sink = new MapSink()
  const table = new ClientTable(sink, detail)
  const store = new ServiceStore()
  return changes => {
    table.apply(store.apply(changes).pods)
    return Object.fromEntries(
      sink.names().map(name => {
        const { bytes, answerCount } = sink.answers(name)![0]!
        const texts: string[] = []
        for (let at = 0; texts.length < answerCount; at += head + texts.at(-1)!.length) {
          texts.push(Buffer.from(bytes.subarray(at + head, at + head + bytes[at + 12]!)).toString())
        }
        return [name, texts]
      }),
    )
  }
}

t.test('ClientTable says which pod has an address, where one namespace has it', async t => {
  const after = tableOf('name')
  const one = { '1.0.0.10.in-addr.arpa.': ['a', 'one'] }
  t.strictSame(after(upserts(pod('a/one', ['10.0.0.1', '::1', 'nonsense']))), {
    ...one,
    [`1.${'0.'.repeat(31)}ip6.arpa.`]: ['a', 'one'],
  })
  t.strictSame(after(upserts(pod('a/one', ['10.0.0.1']))), one)
  t.strictSame(after(upserts({ ...pod('a/one', ['10.0.0.1']), terminating: true })), one)
  t.strictSame(
    after(upserts(pod('a/another', ['10.0.0.1']))),
    { '1.0.0.10.in-addr.arpa.': ['a', ''] },
    'one of the namespace, whoever it is',
  )
  t.strictSame(after(upserts(pod('b/one', ['10.0.0.1']))), {}, 'it may be either')
  t.strictSame(after(deletes(pod('a/another', []), pod('b/one', []))), one)
  t.strictSame(after(upserts(pod('a/one', ['10.0.0.1'], 'Succeeded'))), {})
  const long = 'x'.repeat(253)
  t.strictSame(after(upserts({ ...pod(`a/${long}`, ['10.0.0.2']), labels: { app: 'web' } })), {
    '2.0.0.10.in-addr.arpa.': ['a', long],
  })
})

t.test('ClientTable says which labels a pod has where that is asked for', async t => {
  const after = tableOf('labels')
  const one = pod('a/one', ['10.0.0.1'])
  const longKey = `${'x'.repeat(253)}/y`
  const name = '1.0.0.10.in-addr.arpa.'
  t.strictSame(after(upserts({ ...one, labels: { app: 'web', [longKey]: '', 'b/c': '' } })), {
    [name]: ['a', 'one', 'app=web', 'b/c='],
  })
  t.strictSame(after(upserts({ ...one, labels: { app: 'db' } })), {
    [name]: ['a', 'one', 'app=db'],
  })
  t.strictSame(after(upserts({ ...one, labels: { [longKey]: 'z' } })), { [name]: ['a', 'one'] })
})
