import t from 'tap'
import type { RawObject } from '../objects/raw-value.ts'
import { reduceWorkload, type Workload } from '../objects/workload.ts'
import { maxPodsPerWorkload, ordinalPodName, podsOf, templateText } from './workload-pods.ts'

function workload(kind: string, spec: RawObject = {}, name = 'web'): Workload {
  const template = {
    metadata: { labels: { app: 'web', constructor: 'x' } },
    spec: { hostname: 'own', subdomain: 'sub', containers: [{ ports: [{ containerPort: 80 }] }] },
  }
  return reduceWorkload({
    kind,
    metadata: { namespace: 'default', name },
    spec: { template, ...spec },
  })
}

t.test('podsOf() names pods as their controllers do', async t => {
  for (const [kind, spec, pattern, hostname, subdomain] of [
    ['Deployment', {}, /^web-[456789bcdf]{1,10}-[a-z0-9]{5}$/, 'own', 'sub'],
    ['ReplicaSet', {}, /^web-[a-z0-9]{5}$/, 'own', 'sub'],
    ['DaemonSet', {}, /^web-[a-z0-9]{5}$/, 'own', 'sub'],
    ['StatefulSet', { serviceName: 'db' }, /^web-0$/, 'web-0', 'db'],
    ['StatefulSet', {}, /^web-0$/, 'web-0', ''],
    ['StatefulSet', { ordinals: { start: 7 } }, /^web-7$/, 'web-7', ''],
  ] as const) {
    const [pod, ...more] = podsOf(workload(kind, spec))
    t.same(more, [])
    t.match(pod!.name, pattern, kind)
    t.match(pod, {
      kind: 'Pod',
      namespace: 'default',
      hostname,
      subdomain,
      ports: [{ containerPort: 80 }],
      phase: 'Running',
      podIPs: [],
      ready: true,
      terminating: false,
      hasStatus: false,
    })
  }
})

t.test('podsOf() adds the labels of the controllers to those of the template', async t => {
  const [deployed] = podsOf(workload('Deployment'))
  t.strictSame(Object.entries(deployed!.labels), [
    ['app', 'web'],
    ['constructor', 'x'],
    ['pod-template-hash', deployed!.name.split('-')[1]],
  ])
  const [, second] = podsOf(workload('StatefulSet', { replicas: 2 }))
  t.strictSame(Object.entries(second!.labels), [
    ['app', 'web'],
    ['constructor', 'x'],
    ['statefulset.kubernetes.io/pod-name', 'web-1'],
    ['apps.kubernetes.io/pod-index', '1'],
  ])
  t.strictSame(Object.keys(podsOf(workload('DaemonSet'))[0]!.labels), ['app', 'constructor'])
})

t.test('podsOf() makes one pod per replica, and scaling changes the last ones only', async t => {
  for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet']) {
    const names = podsOf(workload(kind, { replicas: 50 })).map(pod => pod.name)
    t.equal(new Set(names).size, 50, kind)
    const fewer = podsOf(workload(kind, { replicas: 20 })).map(pod => pod.name)
    t.strictSame(fewer, names.slice(0, 20), kind)
  }
  t.strictSame(podsOf(workload('Deployment', { replicas: 0 })), [])
  t.strictSame(podsOf(workload('Deployment', { replicas: -1 })), [])
  t.equal(podsOf(workload('ReplicaSet', { replicas: 1e9 })).length, maxPodsPerWorkload)
})

t.test('podsOf() keeps names within 63 characters, and distinct', async t => {
  for (const kind of ['Deployment', 'ReplicaSet', 'DaemonSet']) {
    const pods = podsOf(workload(kind, { replicas: 3 }, 'n'.repeat(63)))
    t.ok(pods.every(pod => pod.name.length === 63))
    t.equal(new Set(pods.map(pod => pod.name)).size, kind === 'DaemonSet' ? 1 : 3)
  }
})

t.test(
  'podsOf() gives other names in other namespaces and kinds, and to other templates',
  async t => {
    const web = workload('ReplicaSet')
    const names = [
      web,
      workload('DaemonSet'),
      { ...web, namespace: 'shop' },
      workload('Deployment'),
      workload('Deployment', { template: { metadata: { labels: { app: 'other' } } } }),
    ].map(each => podsOf(each)[0]!.name)
    t.equal(new Set(names).size, names.length, names.join())
  },
)

t.test('ordinalPodName() is undefined where the API server would refuse the pod', async t => {
  for (const [name, index, expected] of [
    ['web', 0, 'web-0'],
    ['n'.repeat(61), 9, `${'n'.repeat(61)}-9`],
    ['n'.repeat(61), 10, undefined],
    ['a.b', 0, undefined],
    ['', 0, undefined],
  ] as const) {
    t.equal(ordinalPodName(workload('StatefulSet', {}, name), index), expected)
  }
  t.equal(podsOf(workload('StatefulSet', { replicas: 20 }, 'n'.repeat(61))).length, 10)
})

t.test('templateText() is equal for equal templates', async t => {
  const { template } = workload('Deployment')
  const labels = { b: '2', a: '1' }
  t.equal(
    templateText({ ...template, labels }),
    templateText({ ...template, labels: { a: '1', b: '2' } }),
  )
  for (const other of [
    { labels: { a: '1' } },
    { hostname: 'x' },
    { subdomain: 'x' },
    { nodeName: 'x' },
    { ports: [] },
  ]) {
    t.not(templateText({ ...template, ...other }), templateText(template), JSON.stringify(other))
  }
})
