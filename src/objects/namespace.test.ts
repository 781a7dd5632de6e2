import t from 'tap'
import { noLabels } from './labels.ts'
import { reduceNamespace } from './namespace.ts'

t.test('reduceNamespace() keeps name and labels', async t => {
  const api = { metadata: { name: 'shop', labels: { team: 'a' } } }
  const namespace = reduceNamespace(api)
  t.equal(namespace.kind, 'Namespace')
  t.equal(namespace.name, 'shop')
  t.equal(namespace.labels['team'], 'a')
  t.same(reduceNamespace({}), { kind: 'Namespace', name: '', labels: noLabels })
})
