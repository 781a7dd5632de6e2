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
import type { StoreDelta } from './cluster.ts'
import { ServiceStore } from './service-store.ts'

const web = service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'] })
const sliceA = slice('default/web/a', { ports: ['http:80'], endpoints: [endpoint('172.0.0.1')] })
const sliceB = slice('default/web/b', { ports: ['http:80'], endpoints: [endpoint('172.0.0.2')] })

/** `default/web: service a,b -> service b` for each affected service. */
function summary(delta: StoreDelta): string[] {
  return delta.services.map(({ namespace, name, before, after }) => {
    const [from, to] = [before, after].map(view =>
      view
        ? [view.service ? 'service' : 'none', view.slices.map(({ name }) => name.slice(-1)).join()]
            .join(' ')
            .trim()
        : 'nothing',
    )
    return `${namespace}/${name}: ${from} -> ${to}`
  })
}

t.test('ServiceStore.apply() joins slices to their service', t => {
  const steps = [
    { name: 'a slice before its service', changes: upserts(sliceB), wanted: ['nothing -> none b'] },
    { name: 'the service', changes: upserts(web), wanted: ['none b -> service b'] },
    { name: 'slices are sorted', changes: upserts(sliceA), wanted: ['service b -> service a,b'] },
    { name: 'a relist', changes: upserts(sliceB, { ...web }, { ...sliceA }), wanted: [] },
    {
      name: 'several changes of one service are one',
      changes: [...deletes(sliceA), ...upserts({ ...sliceB, endpoints: [] })],
      wanted: ['service a,b -> service b'],
    },
    {
      name: 'a change and its undoing are none',
      changes: [...upserts(sliceA), ...deletes(sliceA)],
      wanted: [],
    },
    { name: 'slices outlive the service', changes: deletes(web), wanted: ['service b -> none b'] },
    { name: 'the last slice', changes: deletes(sliceB), wanted: ['none b -> nothing'] },
    { name: 'what is gone already', changes: deletes(sliceB, web), wanted: [] },
    { name: 'a slice of no service', changes: upserts({ ...sliceA, serviceName: '' }), wanted: [] },
  ]
  const store = new ServiceStore()
  for (const { name, changes, wanted } of steps) {
    const lines = wanted.map(line => `default/web: ${line}`)
    t.same(summary(store.apply(changes)), lines, name)
  }
  t.end()
})

t.test('ServiceStore.apply() moves a slice that is given to another service', t => {
  const store = new ServiceStore()
  store.apply(upserts(web, sliceA))
  const delta = store.apply(upserts({ ...sliceA, serviceName: 'other' }))
  t.same(summary(delta), ['default/web: service a -> service', 'default/other: nothing -> none a'])
  t.end()
})

t.test('ServiceStore.apply() keeps the identity of what did not change', t => {
  const store = new ServiceStore()
  const two = slice('default/web/a', {
    ports: ['http:80'],
    endpoints: [endpoint('172.0.0.1'), endpoint('172.0.0.2'), endpoint('172.0.0.3')],
  })
  store.apply(upserts(web, two, sliceB))
  const changed = slice('default/web/a', {
    ports: ['http:80'],
    endpoints: [endpoint('172.0.0.3'), endpoint('172.0.0.2', { ready: false })],
  })
  const [change] = store.apply(upserts(changed)).services
  const [before, after] = [change!.before!, change!.after!]
  t.equal(after.service, before.service)
  t.equal(after.slices[1], before.slices[1])
  t.equal(after.slices[0]!.ports, before.slices[0]!.ports)
  t.equal(after.slices[0]!.endpoints[0], before.slices[0]!.endpoints[2], 'moved')
  t.not(after.slices[0]!.endpoints[1], before.slices[0]!.endpoints[1], 'no longer ready')
  t.end()
})

t.test('ServiceStore.apply() reports namespaces and pods once', t => {
  const store = new ServiceStore()
  const one = pod('default/one', ['10.0.0.1'])
  t.match(store.apply(upserts(namespace('default'), one)), {
    namespaces: [{ before: undefined, after: { name: 'default' } }],
    pods: [{ before: undefined, after: { name: 'one' } }],
  })
  t.match(store.apply(upserts(namespace('default'), { ...one })), { namespaces: [], pods: [] })
  const moved = pod('default/one', ['10.0.0.2'])
  t.match(store.apply(upserts(pod('default/one', ['10.0.0.3']), moved)).pods, [
    { before: one, after: moved },
  ])
  t.match(store.apply(deletes(namespace('default'), moved)), {
    namespaces: [{ before: { name: 'default' }, after: undefined }],
    pods: [{ before: moved, after: undefined }],
  })
  t.same([[...store.namespaces()], [...store.pods()]], [[], []])
  t.end()
})

t.test('ServiceStore.everything() leads from nothing to the present state', t => {
  const store = new ServiceStore()
  store.apply(upserts(namespace('default'), web, sliceA, pod('default/one', [])))
  const delta = store.everything()
  t.same(summary(delta), ['default/web: nothing -> service a'])
  t.same([...delta.cluster.services('default')], [store.service('default', 'web')])
  t.same([...delta.cluster.services('other')], [])
  t.equal(delta.namespaces[0]?.after, store.namespace('default'))
  t.equal(delta.pods[0]?.after?.name, 'one')
  t.end()
})
