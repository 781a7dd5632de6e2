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
import { ServiceStore } from '../store/service-store.ts'
import { ClusterSelection } from './cluster-selection.ts'

const a = { app: 'a' }
const objects = [
  namespace('default'),
  service('default/web', { ips: ['None'], labels: a }),
  slice('default/web/a', { endpoints: [endpoint('172.0.0.1')], labels: a }),
  slice('default/web/b', { endpoints: [endpoint('172.0.0.2')] }),
  service('default/other', { ips: ['None'] }),
  pod('default/one', ['172.0.0.1']),
  { ...pod('default/two', ['172.0.0.2']), labels: a },
]

t.test('ClusterSelection without options gives what it gets', async t => {
  const delta = new ServiceStore().apply(upserts(...objects))
  t.equal(new ClusterSelection({}).select(delta), delta)
})

t.test('ClusterSelection by labels shows the same objects, and only those that match', async t => {
  const store = new ServiceStore()
  const { cluster, pods, services } = new ClusterSelection({ labels: 'app=a' }).select(
    store.apply(upserts(...objects)),
  )
  t.strictSame(
    services.map(({ name, after }) => [name, after?.slices.map(each => each.name)]),
    [
      ['web', ['web-a']],
      ['other', undefined],
    ],
  )
  t.equal(cluster.service('default', 'web')?.service, objects[1])
  t.equal(cluster.service('default', 'other'), undefined)
  t.equal(cluster.service('default', 'gone'), undefined)
  t.strictSame(
    Array.from(cluster.services('default'), ({ name }) => name),
    ['web'],
  )
  t.strictSame(
    Array.from(cluster.pods(), ({ name }) => name),
    ['two'],
  )
  t.equal(cluster.namespace('default'), objects[0])
  t.strictSame([...cluster.namespaces()], [objects[0]])
  t.strictSame(
    pods.map(({ after }) => after?.name),
    [undefined, 'two'],
  )
})

t.test('ClusterSelection shows what goes', async t => {
  const store = new ServiceStore()
  store.apply(upserts(...objects))
  const selection = new ClusterSelection({ labels: 'app=a' })
  const { pods, services } = selection.select(store.apply(deletes(objects[1]!, objects[6]!)))
  t.match(services, [{ before: { service: { name: 'web' } }, after: { service: undefined } }])
  t.match(pods, [{ before: { name: 'two' }, after: undefined }])
})

t.test('ClusterSelection without endpoints has Services alone', async t => {
  const store = new ServiceStore()
  store.apply(upserts(...objects.slice(0, 2), objects[2]!))
  const { cluster } = new ClusterSelection({ noEndpoints: true }).select(store.everything())
  t.match(cluster.service('default', 'web'), { service: { name: 'web' }, slices: [] })
})
