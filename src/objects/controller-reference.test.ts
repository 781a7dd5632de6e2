import t from 'tap'
import { controllerOf } from './controller-reference.ts'
import { reducePod } from './pod.ts'
import { reduceWorkload } from './workload.ts'

const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', controller: true }

t.test('controllerOf() names the workload that manages an object', async t => {
  for (const [ownerReferences, controller] of [
    [[owner], 'Deployment/web'],
    [[{ kind: 'Node', name: 'n' }, owner], 'Deployment/web'],
    [[{ ...owner, controller: false }], ''],
    [[{ ...owner, controller: undefined }], ''],
    [[{ ...owner, apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' }], ''],
    [[{ ...owner, apiVersion: 'batch/v1', kind: 'Job' }], ''],
    [[{ ...owner, apiVersion: 'v1', kind: 'Node' }], ''],
    ['odd', ''],
    [['odd'], ''],
    [undefined, ''],
  ] as const)
    t.equal(controllerOf({ ownerReferences }), controller, JSON.stringify(ownerReferences))
})

t.test('Pods and workloads have a controller only when there is one', async t => {
  const metadata = { namespace: 'default', name: 'a', ownerReferences: [owner] }
  t.equal(reducePod({ metadata }).controller, 'Deployment/web')
  t.equal(reduceWorkload({ kind: 'ReplicaSet', metadata }).controller, 'Deployment/web')
  t.notOk('controller' in reducePod({}))
  t.notOk('controller' in reduceWorkload({ kind: 'ReplicaSet' }))
})
