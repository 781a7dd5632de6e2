import fc from 'fast-check'
import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import type { Change, ClusterObject } from '../objects/change.ts'
import { objectKey } from '../objects/change.ts'
import type { EndpointSlice } from '../objects/endpoint-slice.ts'
import { matchesLabels } from '../objects/labels.ts'
import { type Pod, reducePod } from '../objects/pod.ts'
import type { RawObject } from '../objects/raw-value.ts'
import { reduceService } from '../objects/service.ts'
import { reduceWorkload, type WorkloadKind } from '../objects/workload.ts'
import type { EndpointsChange } from './endpoints-change.ts'
import { EndpointsController } from './endpoints-controller.ts'

function controller(): EndpointsController {
  return new EndpointsController([parseCidr('10.244.0.0/16')!])
}

function service(key: string, selector?: RawObject, spec: RawObject = {}): EndpointsChange {
  const [namespace, name] = key.split('/')
  const object = reduceService({
    metadata: { namespace, name },
    spec: { clusterIP: '10.96.0.1', ports: [{ port: 80 }], selector, ...spec },
  })
  return { type: 'upsert', object }
}

function pod(key: string, labels: RawObject, isReady = true): EndpointsChange {
  const [namespace, name] = key.split('/')
  const number = Number(/\d+$/.exec(key)?.[0] ?? 0)
  const conditions = isReady ? [{ type: 'Ready', status: 'True' }] : []
  const status = { phase: 'Running', podIP: `192.0.2.${number}`, conditions }
  return { type: 'upsert', object: reducePod({ metadata: { namespace, name, labels }, status }) }
}

function workload(key: string, replicas: number, labels: RawObject): EndpointsChange {
  return workloadOf('StatefulSet', key, { replicas, template: { metadata: { labels } } })
}

function workloadOf(kind: WorkloadKind, key: string, spec: RawObject): EndpointsChange {
  const [namespace, name] = key.split('/')
  const api = { kind, metadata: { namespace, name }, spec: { serviceName: name, ...spec } }
  return { type: 'upsert', object: reduceWorkload(api) }
}

function gone(kind: 'Service' | 'Pod' | 'StatefulSet', key: string): EndpointsChange {
  const [namespace = '', name = ''] = key.split('/')
  return { type: 'delete', kind, namespace, name }
}

/** `+Pod a/b`, `-EndpointSlice a/web`; slices by the name of their Service. */
function show(changes: readonly Change[], slices = new Map<string, EndpointSlice>()): string[] {
  return changes.map(change => {
    const { kind, namespace, name } = change.type === 'upsert' ? subject(change.object) : change
    const sign = change.type === 'upsert' ? '+' : '-'
    const owner = kind === 'EndpointSlice' ? name.replace(/-[^-]*$/, '') : name
    if (change.type === 'upsert' && change.object.kind === 'EndpointSlice') {
      slices.set(`${namespace}/${name}`, change.object)
    }
    return `${sign}${kind} ${namespace}/${owner}`
  })
}

function subject(object: ClusterObject): { kind: string; namespace: string; name: string } {
  if (object.kind === 'Namespace') throw new TypeError('Namespaces have no endpoints')
  return object
}

const web = { app: 'web' }

/** Steps one after the other, each with the changes that follow from it. */
const steps: readonly (readonly [string, readonly EndpointsChange[], readonly string[]])[] = [
  ['a Service alone has no slice', [service('a/web', web)], []],
  ['its pod', [pod('a/p1', web)], ['+Pod a/p1', '+EndpointSlice a/web']],
  ['the same labels in another namespace', [pod('b/p1', web)], ['+Pod b/p1']],
  ['labels that nobody selects', [pod('a/p2', { app: 'db' })], ['+Pod a/p2']],
  [
    'a second Service',
    [service('a/all', web), service('a/db', { app: 'db' })],
    ['+EndpointSlice a/all', '+EndpointSlice a/db'],
  ],
  [
    'a pod of two Services',
    [pod('a/p1', web, false)],
    ['+Pod a/p1', '+EndpointSlice a/web', '+EndpointSlice a/all'],
  ],
  [
    'labels move a pod',
    [pod('a/p2', web)],
    ['+Pod a/p2', '-EndpointSlice a/db', '+EndpointSlice a/web', '+EndpointSlice a/all'],
  ],
  ['the same Service again', [service('a/web', web)], []],
  ['no selector any more', [service('a/all')], ['-EndpointSlice a/all']],
  [
    'a Service without a selector is not ours',
    [pod('a/p2', web, false)],
    ['+Pod a/p2', '+EndpointSlice a/web'],
  ],
  [
    'a workload',
    [workload('a/web', 2, web)],
    ['+Pod a/web-0', '+Pod a/web-1', '+EndpointSlice a/web'],
  ],
  ['scaled down', [workload('a/web', 1, web)], ['-Pod a/web-1', '+EndpointSlice a/web']],
  ['workload deleted', [gone('StatefulSet', 'a/web')], ['-Pod a/web-0', '+EndpointSlice a/web']],
  [
    'pods deleted',
    [gone('Pod', 'a/p1'), gone('Pod', 'a/p2')],
    ['-Pod a/p1', '-Pod a/p2', '-EndpointSlice a/web'],
  ],
  ['all at once', [pod('a/p3', web), service('a/web', web)], ['+Pod a/p3', '+EndpointSlice a/web']],
  [
    'Service made anew',
    [gone('Service', 'a/web'), service('a/web', web)],
    ['-EndpointSlice a/web', '+EndpointSlice a/web'],
  ],
  ['made and deleted', [service('a/x', web), gone('Service', 'a/x')], []],
  [
    'Services deleted',
    [gone('Service', 'a/web'), gone('Service', 'a/all'), gone('Service', 'a/db')],
    ['-EndpointSlice a/web'],
  ],
  [
    'unknown things deleted',
    [gone('Service', 'a/web'), gone('Pod', 'a/x'), gone('Service', 'x/x')],
    [],
  ],
  ['nobody is left to care', [pod('a/p3', { app: 'db' })], ['+Pod a/p3']],
]

t.test('EndpointsController.apply() says what follows from each change, and no more', async t => {
  const subjectUnderTest = controller()
  for (const [name, input, expected] of steps) {
    const { changes, problems } = subjectUnderTest.apply(input)
    t.strictSame(show(changes), expected, name)
    t.strictSame(problems, [])
  }
})

t.test('EndpointsController gives pods of a StatefulSet names below its Service', async t => {
  const slices = new Map<string, EndpointSlice>()
  const headless = service('a/db', { app: 'db' }, { clusterIP: 'None', ipFamilies: ['IPv4'] })
  show(controller().apply([workload('a/db', 2, { app: 'db' }), headless]).changes, slices)
  const [slice] = slices.values()
  t.strictSame(
    slice!.endpoints.map(({ hostname, podName, ready }) => [hostname, podName, ready]),
    [
      ['db-0', 'db-0', true],
      ['db-1', 'db-1', true],
    ],
  )
})

t.test('EndpointsController passes on problems and leaves pods without address out', async t => {
  const small = new EndpointsController([parseCidr('10.0.0.0/30')!])
  const { changes, problems } = small.apply([workload('a/web', 3, web), service('a/web', web)])
  t.strictSame(
    problems.map(problem => problem.code),
    ['pod-range-full'],
  )
  const slices = new Map<string, EndpointSlice>()
  t.equal(show(changes, slices).length, 4)
  t.equal([...slices.values()][0]!.endpoints.length, 2)
})

t.test(
  'EndpointsController names the workload whose pods find no address, where there is one',
  async t => {
    const range = parseCidr('10.0.0.0/30')!
    const ofWorkload = new EndpointsController([range]).apply([workload('a/web', 3, web)])
    t.match(ofWorkload.problems, [{ workload: { kind: 'StatefulSet', name: 'web' } }])
    const many = new EndpointsController([range]).apply([workload('a/web', 200_000, web)]).problems
    t.match(many[0], { code: 'too-many-replicas', name: 'web' })
    const pods = ['a/1', 'a/2', 'a/3'].map((key): EndpointsChange => {
      const [namespace, name] = key.split('/')
      return { type: 'upsert', object: reducePod({ metadata: { namespace, name } }) }
    })
    const [problem] = new EndpointsController([range]).apply(pods).problems
    t.match(problem, { code: 'pod-range-full' })
    t.notOk(problem && 'workload' in problem)
  },
)

t.test('EndpointsController refuses CIDRs of one family', async t => {
  t.throws(() => new EndpointsController([]), RangeError)
})

const name = fc.nat(3)
const labels = fc.constantFrom(web, { app: 'db' }, { app: 'web', tier: 'a' })
const namespace = fc.constantFrom('a', 'b')
const anyChange: fc.Arbitrary<EndpointsChange> = fc.oneof(
  fc
    .tuple(namespace, name, fc.oneof(labels, fc.constant(undefined)))
    .map(([ns, n, s]) => service(`${ns}/s${n}`, s)),
  fc.tuple(namespace, name, labels, fc.boolean()).map(([ns, n, l, r]) => pod(`${ns}/p${n}`, l, r)),
  fc
    .tuple(namespace, name, fc.nat(4), labels)
    .map(([ns, n, r, l]) => workload(`${ns}/w${n}`, r, l)),
  fc.tuple(namespace, name).map(([ns, n]) => gone('Service', `${ns}/s${n}`)),
  fc.tuple(namespace, name).map(([ns, n]) => gone('Pod', `${ns}/p${n}`)),
  fc.tuple(namespace, name).map(([ns, n]) => gone('StatefulSet', `${ns}/w${n}`)),
)

t.test(
  'EndpointsController: what it has said adds up to all pods that each Service selects',
  async t => {
    fc.assert(
      fc.property(fc.array(fc.array(anyChange, { maxLength: 6 }), { maxLength: 10 }), batches => {
        const tested = controller()
        const services = new Map<string, EndpointsChange>()
        const pods = new Map<string, Pod>()
        const slices = new Map<string, EndpointSlice>()
        for (const batch of batches) {
          for (const change of batch) {
            if (change.type === 'delete') {
              if (change.kind === 'Service') services.delete(objectKey(change))
            } else if (change.object.kind === 'Service') {
              services.set(objectKey(change.object), change)
            }
          }
          for (const change of tested.apply(batch).changes) {
            const about = change.type === 'upsert' ? subject(change.object) : change
            const target: Map<string, unknown> = about.kind === 'Pod' ? pods : slices
            if (change.type === 'upsert') target.set(objectKey(about), change.object)
            else if (!target.delete(objectKey(about))) return false
          }
          const expected: string[] = []
          for (const change of services.values()) {
            if (change.type !== 'upsert' || change.object.kind !== 'Service') continue
            const { namespace: ns, name: owner, selector } = change.object
            for (const each of pods.values()) {
              if (!selector || each.namespace !== ns || !matchesLabels(selector, each.labels))
                continue
              expected.push(`${ns}/${owner} ${each.podIPs.join()} ${each.ready}`)
            }
          }
          const found = [...slices.values()].flatMap(slice =>
            slice.endpoints.map(
              each => `${slice.namespace}/${slice.serviceName} ${each.address} ${each.ready}`,
            ),
          )
          if (found.sort().join('\n') !== expected.sort().join('\n')) return false
        }
        return true
      }),
      { numRuns: 300 },
    )
    t.pass()
  },
)

t.test(
  'EndpointsController.apply() takes more changes at once than a call has room for',
  async t => {
    const endpoints = new EndpointsController([parseCidr('10.0.0.0/8')!])
    const many = 70_000
    t.equal(endpoints.apply([workload('a/web', many, web)]).changes.length, many)
    const replaced = endpoints.apply([gone('StatefulSet', 'a/web'), workload('a/other', many, web)])
    t.equal(replaced.changes.length, 2 * many)
  },
)

t.test(
  'EndpointsController.apply() finds the Services of pods that share their labels',
  async t => {
    const followed = controller()
    followed.apply([service('a/web', web)])
    const template = { metadata: { labels: web } }
    const { changes } = followed.apply([
      workloadOf('Deployment', 'a/web', { replicas: 2, template }),
    ])
    const slices = changes.flatMap(change =>
      change.type === 'upsert' && change.object.kind === 'EndpointSlice' ? [change.object] : [],
    )
    t.same(
      slices.map(slice => slice.endpoints.length),
      [2],
    )
  },
)

t.test('EndpointsController.hasEndpoints() tells Services with endpoints of pods', async t => {
  const tested = controller()
  tested.apply([
    service('default/web', { app: 'web' }),
    service('default/idle', { app: 'nobody' }),
    service('default/manual'),
    pod('default/web-1', { app: 'web' }),
  ])
  for (const [namespace, name, has] of [
    ['default', 'web', true],
    ['default', 'idle', false],
    ['default', 'manual', false],
    ['default', 'missing', false],
    ['missing', 'web', false],
  ] as const) {
    t.equal(tested.hasEndpoints({ namespace, name }), has, `${namespace}/${name}`)
  }
})
