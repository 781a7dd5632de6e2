import t from 'tap'
import { reducePod } from '../objects/pod.ts'
import { reduceWorkload, type WorkloadKind } from '../objects/workload.ts'
import type { PodSourceChange } from './endpoints-change.ts'
import { RunnableWorkloads } from './runnable-workloads.ts'

interface Origin {
  /** `ReplicaSet/web-1`. */
  readonly by?: string
  readonly hash?: string
  readonly isController?: boolean
  readonly apiVersion?: string
}

function metadataOf(name: string, origin: Origin): Record<string, unknown> {
  const { by, hash, isController = true, apiVersion = 'apps/v1' } = origin
  const [kind, owner] = by?.split('/') ?? []
  return {
    namespace: 'default',
    name,
    labels: hash === undefined ? {} : { 'pod-template-hash': hash },
    ownerReferences: by && [{ apiVersion, kind, name: owner, uid: 'u', controller: isController }],
  }
}

function pod(name: string, origin: Origin = {}): PodSourceChange {
  return { type: 'upsert', object: reducePod({ metadata: metadataOf(name, origin) }) }
}

function workload(text: string, origin: Origin = {}): PodSourceChange {
  const [kind, name = ''] = text.split('/')
  const object = reduceWorkload({ kind, metadata: metadataOf(name, origin), spec: {} })
  return { type: 'upsert', object }
}

function gone(text: string): PodSourceChange {
  const [kind, name = ''] = text.split('/')
  return { type: 'delete', kind: kind as WorkloadKind | 'Pod', namespace: 'default', name }
}

/** `+Deployment/web -ReplicaSet/web-1`; Pods are always passed on and not shown. */
function show(changes: readonly PodSourceChange[]): string {
  return changes
    .map(change => {
      const { kind, name } = change.type === 'upsert' ? change.object : change
      return kind === 'Pod' ? '' : `${change.type === 'upsert' ? '+' : '-'}${kind}/${name}`
    })
    .filter(word => word !== '')
    .join(' ')
}

const deployment = workload('Deployment/web')
const replicaSet = workload('ReplicaSet/web-1', { by: 'Deployment/web' })
const ofReplicaSet = pod('web-1-a', { by: 'ReplicaSet/web-1' })

const scenarios: Readonly<Record<string, readonly (readonly [PodSourceChange[], string])[]>> = {
  'workloads without controllers are run': [
    [[deployment, workload('ReplicaSet/web-1'), pod('a')], '+Deployment/web +ReplicaSet/web-1'],
  ],
  'a ReplicaSet is not run beside its Deployment, in any order': [
    [[replicaSet, deployment], '+Deployment/web'],
    [[gone('Deployment/web')], '+ReplicaSet/web-1 -Deployment/web'],
    [[deployment], '-ReplicaSet/web-1 +Deployment/web'],
    [[gone('ReplicaSet/web-1')], ''],
  ],
  'a ReplicaSet of a Deployment that is not there is run': [[[replicaSet], '+ReplicaSet/web-1']],
  'a Deployment is not run beside Pods of its ReplicaSet': [
    [[deployment, replicaSet], '+Deployment/web'],
    [[ofReplicaSet], '-Deployment/web'],
    [[pod('web-1-b', { by: 'ReplicaSet/web-1' })], ''],
    [[gone('Pod/web-1-a')], ''],
    [[gone('Pod/web-1-b')], '+Deployment/web'],
  ],
  'nor when the ReplicaSet is not there: its name says whose it is': [
    [[deployment, pod('web-1-a', { by: 'ReplicaSet/web-1', hash: '1' })], ''],
    [[gone('Pod/web-1-a')], '+Deployment/web'],
    [[pod('web-1-a', { by: 'ReplicaSet/web-1', hash: '2' })], ''],
    [[pod('web-1-a', { by: 'ReplicaSet/web-1' })], ''],
  ],
  'a ReplicaSet that comes late tells whose the Pods are': [
    [[deployment, ofReplicaSet], '+Deployment/web'],
    [[replicaSet], '-Deployment/web'],
    [[workload('ReplicaSet/web-1')], '+Deployment/web'],
  ],
  'an old and a new ReplicaSet of one Deployment belong to it': [
    [
      [replicaSet, workload('ReplicaSet/web-2', { by: 'Deployment/web' }), deployment],
      '+Deployment/web',
    ],
    [[gone('ReplicaSet/web-1')], ''],
    [[pod('web-2-a', { by: 'ReplicaSet/web-2' })], '-Deployment/web'],
  ],
  'a StatefulSet or DaemonSet is not run beside a Pod of its own': [
    [
      [
        workload('StatefulSet/db'),
        workload('DaemonSet/log'),
        pod('db-0', { by: 'StatefulSet/db' }),
        pod('log-x', { by: 'DaemonSet/log' }),
      ],
      '',
    ],
    [[pod('db-0')], '+StatefulSet/db'],
  ],
  'other owners than a controller of apps/v1 do not matter': [
    [[deployment], '+Deployment/web'],
    [[pod('a', { by: 'Deployment/web', isController: false })], ''],
    [[pod('b', { by: 'Deployment/web', apiVersion: 'example.com/v1' })], ''],
    [[pod('c', { by: 'Job/web', apiVersion: 'batch/v1' })], ''],
  ],
  'a workload that changes is passed on again': [
    [[deployment], '+Deployment/web'],
    [[workload('Deployment/web')], '+Deployment/web'],
    [[gone('Deployment/web')], '-Deployment/web'],
    [[gone('Deployment/web')], ''],
  ],
}

for (const [name, steps] of Object.entries(scenarios)) {
  t.test(`RunnableWorkloads: ${name}`, async t => {
    const workloads = new RunnableWorkloads()
    for (const [position, [changes, expected]] of steps.entries())
      t.equal(show(workloads.resolve(changes)), expected, `step ${position + 1}`)
  })
}

t.test('RunnableWorkloads.workloadOf() finds the workload that a pod was started for', async t => {
  const workloads = new RunnableWorkloads()
  workloads.resolve([workload('StatefulSet/web'), workload('StatefulSet/web-2')])
  const web = { kind: 'StatefulSet', namespace: 'default', name: 'web' }
  t.same(workloads.workloadOf('default/web-0'), web)
  t.same(workloads.workloadOf('default/web-2-0'), { ...web, name: 'web-2' })
  t.equal(workloads.workloadOf('default/web-7'), undefined)
  t.equal(workloads.workloadOf('other/web-0'), undefined)
})
