import t from 'tap'
import { reducePod, reducePodTemplate } from './pod.ts'

t.test('reducePod() keeps what endpoints are computed from', async t => {
  const pod = reducePod({
    metadata: {
      namespace: 'shop',
      name: 'db-0',
      labels: { app: 'db' },
      deletionTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      hostname: 'db-0',
      subdomain: 'db',
      nodeName: 'node-1',
      containers: [{ ports: [{ name: 'sql', containerPort: 5432 }] }, {}],
    },
    status: {
      phase: 'Running',
      podIP: '10.244.0.5',
      podIPs: [{ ip: '10.244.0.5' }, { ip: 'fd00::5' }],
      conditions: [
        { type: 'Initialized', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
    },
  })
  t.match(pod, {
    kind: 'Pod',
    namespace: 'shop',
    name: 'db-0',
    hostname: 'db-0',
    subdomain: 'db',
    nodeName: 'node-1',
    phase: 'Running',
    ready: true,
    terminating: true,
    hasStatus: true,
  })
  t.equal(pod.labels['app'], 'db')
  t.same(pod.podIPs, ['10.244.0.5', 'fd00::5'])
  t.same(pod.ports, [{ name: 'sql', protocol: 'TCP', containerPort: 5432 }])
})

t.test('reducePod() normalises podIPs as the API does', async t => {
  for (const [name, status, podIPs] of [
    ['none', {}, []],
    ['podIP alone', { podIP: '10.0.0.1' }, ['10.0.0.1']],
    ['podIPs alone', { podIPs: [{ ip: '10.0.0.1' }] }, ['10.0.0.1']],
    [
      'both agree',
      { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] },
      ['10.0.0.1', 'fd00::1'],
    ],
    [
      'podIP disagrees',
      { podIP: '10.0.0.2', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] },
      ['10.0.0.2'],
    ],
    ['empty podIPs', { podIP: '10.0.0.1', podIPs: [] }, ['10.0.0.1']],
  ] as const) {
    t.same(reducePod({ status }).podIPs, podIPs, name)
  }
})

t.test('reducePod() reads the condition Ready and whether there is a status', async t => {
  for (const [name, api, ready, hasStatus] of [
    ['no status', {}, false, false],
    ['empty status, as a dry run prints it', { status: {} }, false, false],
    ['null status', { status: null }, false, false],
    ['phase alone', { status: { phase: 'Running' } }, false, true],
    ['Ready', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, true, true],
    ['not Ready', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, false, true],
    [
      'other',
      { status: { conditions: [{ type: 'ContainersReady', status: 'True' }] } },
      false,
      true,
    ],
  ] as const) {
    const pod = reducePod(api)
    t.equal(pod.ready, ready, name)
    t.equal(pod.hasStatus, hasStatus, name)
  }
  t.equal(reducePod({}).phase, 'Pending')
  t.equal(reducePod({}).terminating, false)
})

t.test('reducePodTemplate() reads ports of containers, then of sidecars', async t => {
  const { ports } = reducePodTemplate({
    spec: {
      initContainers: [
        { ports: [{ name: 'once', containerPort: 1 }] },
        { restartPolicy: 'Always', ports: [{ name: 'side', containerPort: 2, protocol: 'UDP' }] },
      ],
      containers: [
        { ports: [{ containerPort: 3 }, { name: 'no number' }] },
        { ports: [{ name: 'sctp', containerPort: 4, protocol: 'SCTP' }] },
      ],
    },
  })
  t.same(ports, [
    { name: '', protocol: 'TCP', containerPort: 3 },
    { name: 'no number', protocol: 'TCP', containerPort: 0 },
    { name: 'sctp', protocol: 'SCTP', containerPort: 4 },
    { name: 'side', protocol: 'UDP', containerPort: 2 },
  ])
})

t.test('reducePod() names the workload that manages the pod', async t => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', controller: true }
  t.equal(reducePod({ metadata: { ownerReferences: [owner] } }).controller, 'ReplicaSet/web-1')
})
