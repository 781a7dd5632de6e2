import t from 'tap'
import { reduceWorkload } from './workload.ts'

const metadata = { namespace: 'default', name: 'web' }

t.test('reduceWorkload() reads how many pods there are, and which', async t => {
  for (const [kind, spec, expected] of [
    ['Deployment', {}, { replicas: 1, serviceName: '', firstOrdinal: 0 }],
    ['Deployment', { replicas: 0 }, { replicas: 0 }],
    ['ReplicaSet', { replicas: 3 }, { replicas: 3 }],
    ['DaemonSet', { replicas: 3 }, { replicas: 1 }],
    ['StatefulSet', {}, { replicas: 1, firstOrdinal: 0 }],
    [
      'StatefulSet',
      { replicas: 2, serviceName: 'db', ordinals: { start: 5 } },
      { replicas: 2, serviceName: 'db', firstOrdinal: 5 },
    ],
    [
      'Deployment',
      { serviceName: 'db', ordinals: { start: 5 } },
      { serviceName: '', firstOrdinal: 0 },
    ],
  ] as const) {
    t.match(reduceWorkload({ kind, metadata, spec }), { kind, ...metadata, ...expected })
  }
})

t.test('reduceWorkload() takes the pods of an exported DaemonSet from its status', async t => {
  const status = { desiredNumberScheduled: 0 }
  t.equal(reduceWorkload({ kind: 'DaemonSet', metadata, spec: {}, status }).replicas, 0)
})

t.test('reduceWorkload() reads selector and template', async t => {
  const workload = reduceWorkload({
    kind: 'Deployment',
    metadata,
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { subdomain: 'sub', containers: [{ ports: [{ containerPort: 80 }] }] },
      },
    },
  })
  t.equal(workload.matchLabels['app'], 'web')
  t.equal(workload.template.labels['app'], 'web')
  t.equal(workload.template.subdomain, 'sub')
  t.same(workload.template.ports, [{ name: '', protocol: 'TCP', containerPort: 80 }])
})

t.test('reduceWorkload() names the workload that manages it', async t => {
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', controller: true }
  const api = { kind: 'ReplicaSet', metadata: { ...metadata, ownerReferences: [owner] } }
  t.equal(reduceWorkload(api).controller, 'Deployment/web')
})
