import t from 'tap'
import { load } from 'js-yaml'
import { parseCidr } from '../lib/cidr.ts'
import type { Change } from '../objects/change.ts'
import { readObjects } from './manifest-objects.ts'
import type { ManifestObject, ManifestReference } from './namespace-set.ts'
import { StandaloneCluster, type StandaloneUpdate } from './standalone-cluster.ts'

function clusterOf(workloads: 'run' | 'ignore' = 'run'): StandaloneCluster {
  return new StandaloneCluster({
    serviceCidrs: [parseCidr('10.96.0.0/24')!],
    podCidrs: [parseCidr('10.244.0.0/24')!],
    workloads,
  })
}

/** The objects of one YAML document, as a folder would give them. */
function objectsOf(yaml: string): ManifestObject[] {
  const place = { file: 'a.yaml', document: 1, item: undefined, line: 1 }
  return [...readObjects(load(yaml), place)].flatMap(reading =>
    reading.type === 'claim'
      ? (reading.claim.objects ?? []).map(object => ({ object, place }))
      : [],
  )
}

function apply(cluster: StandaloneCluster, yamls: readonly string[]): StandaloneUpdate {
  return cluster.apply({ upserts: yamls.flatMap(objectsOf), deletes: [] }, { isWhole: true })
}

function remove(cluster: StandaloneCluster, ...deletes: ManifestReference[]): StandaloneUpdate {
  return cluster.apply({ upserts: [], deletes }, { isWhole: true })
}

/** `+Service default/web 10.96.0.9`, `-Pod default/a`; slices with their ready addresses. */
function words({ changes }: StandaloneUpdate): string[] {
  return changes.filter(change => nameOf(change) !== 'kube-').map(renderChange)
}

function nameOf(change: Change): string {
  return (change.type === 'upsert' ? change.object.name : change.name).slice(0, 5)
}

function renderChange(change: Change): string {
  if (change.type === 'delete') return `-${change.kind} ${change.namespace}/${change.name}`
  const { object } = change
  switch (object.kind) {
    case 'Namespace':
      return `+Namespace ${object.name}`
    case 'Service':
      return `+Service ${object.namespace}/${object.name} ${object.clusterIPs.join()}`
    case 'EndpointSlice': {
      const ready = object.endpoints.filter(endpoint => endpoint.ready)
      return `+EndpointSlice of ${object.namespace}/${object.serviceName}: ${ready.length} of ${object.endpoints.length}`
    }
    default:
      return `+${object.kind} ${object.namespace}/${object.name}`
  }
}

const builtIn = ['+Namespace default', '+Service default/kubernetes 10.96.0.1']
const service = (name: string, spec: string): string =>
  `{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {ports: [{port: 80}], ${spec}}}`
const deployment = (replicas: number): string =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: ${replicas}, ` +
  `selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}}`
const selecting = service('web', 'clusterIP: 10.96.0.9, selector: {app: web}')
const served = '+Service default/web 10.96.0.9'

t.test('StandaloneCluster has what every cluster has, once', async t => {
  const cluster = clusterOf()
  t.strictSame(words(apply(cluster, [])), builtIn)
  t.strictSame(words(apply(cluster, [])), [])
})

t.test('StandaloneCluster runs workloads, unless it is told not to', async t => {
  for (const [workloads, ready] of [
    ['run', ['+EndpointSlice of default/web: 3 of 3']],
    ['ignore', []],
  ] as const) {
    const update = apply(clusterOf(workloads), [selecting, deployment(3)])
    const slices = words(update).filter(word => word.includes('EndpointSlice'))
    t.strictSame(slices, ready, workloads)
  }
})

t.test('StandaloneCluster follows a Deployment as it is scaled and removed', async t => {
  const cluster = clusterOf()
  apply(cluster, [selecting])
  const slicesAfter = (replicas: number): string[] =>
    words(apply(cluster, [deployment(replicas)])).filter(word => word.includes('Slice'))
  t.strictSame(slicesAfter(2), ['+EndpointSlice of default/web: 2 of 2'])
  t.strictSame(slicesAfter(5), ['+EndpointSlice of default/web: 5 of 5'])
  t.strictSame(slicesAfter(1), ['+EndpointSlice of default/web: 1 of 1'])
  t.match(slicesAfter(0), [/^-EndpointSlice default\/web-/])
  t.strictSame(slicesAfter(1), ['+EndpointSlice of default/web: 1 of 1'])
  const gone = remove(cluster, { kind: 'Deployment', namespace: 'default', name: 'web' })
  t.match(
    words(gone).filter(word => word.includes('Slice')),
    [/^-EndpointSlice default\/web-/],
  )
})

t.test('StandaloneCluster: Endpoints count only for a Service without a selector', async t => {
  const endpoints =
    '{apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [{addresses: [{ip: 192.0.2.1}], ports: [{port: 80}]}]}'
  const cluster = clusterOf()
  const plain = service('web', 'clusterIP: 10.96.0.9')
  t.strictSame(words(apply(cluster, [plain, endpoints])).slice(2), [
    served,
    '+EndpointSlice of default/web: 1 of 1',
  ])
  t.strictSame(words(apply(cluster, [selecting])), [served, '-EndpointSlice default/web~0-ipv4'])
  t.strictSame(words(apply(cluster, [plain])), [served, '+EndpointSlice of default/web: 1 of 1'])
})

t.test('default/kubernetes has the first address, whoever defines it', async t => {
  const cases: readonly [spec: string, outcome: string, problem?: RegExp][] = [
    ['', '+Service default/kubernetes 10.96.0.1'],
    ['clusterIP: 10.96.0.1', '+Service default/kubernetes 10.96.0.1'],
    ['clusterIP: 10.96.0.7', '', /may not change once set/],
    ['clusterIP: None', '', /may not change once set/],
  ]
  for (const [spec, outcome, problem] of cases) {
    const cluster = clusterOf()
    const update = apply(cluster, [service('kubernetes', spec)])
    t.strictSame(words(update), [...builtIn, ...(outcome ? [outcome] : [])], spec)
    t.match(update.problems, problem ? [problem] : [], spec)
    t.equal(update.problems.length, problem ? 1 : 0, spec)
    const [change] = remove(cluster, {
      kind: 'Service',
      namespace: 'default',
      name: 'kubernetes',
    }).changes
    const after = change?.type === 'upsert' && change.object.kind === 'Service' && change.object
    if (after) t.match(after, { clusterIP: '10.96.0.1', ports: [{ port: 443 }] }, spec)
    else t.equal(problem !== undefined, true, 'nothing to take back')
  }
})

t.test('a built-in namespace outlives its manifest, others do not', async t => {
  const cluster = clusterOf()
  const namespaces = ['default', 'shop'].map(
    name => `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {team: a}}}`,
  )
  apply(cluster, namespaces)
  const gone = ['default', 'shop'].map(
    name => ({ kind: 'Namespace', namespace: '', name }) as const,
  )
  t.strictSame(words(remove(cluster, ...gone)), ['+Namespace default', '-Namespace /shop'])
})

t.test('StandaloneCluster refuses CIDRs that cannot be used', async t => {
  const cidrs = { podCidrs: [parseCidr('10.244.0.0/24')!], workloads: 'run' as const }
  t.throws(() => new StandaloneCluster({ ...cidrs, serviceCidrs: [] }), RangeError)
  t.throws(
    () => new StandaloneCluster({ ...cidrs, serviceCidrs: [parseCidr('fd00::/48')!] }),
    RangeError,
  )
})

t.test('a workload that cannot be run is reported with its place and field', async t => {
  const template = '{metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}'
  const spec = `{serviceName: web, selector: {matchLabels: {a: b}}, template: ${template}}`
  const { problems } = apply(clusterOf(), [
    `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: ${'a'.repeat(62)}}, spec: ${spec}}`,
  ])
  t.match(
    problems[0],
    /^a\.yaml:1 \(document 1\): metadata\.name: Cannot start all pods of StatefulSet /,
  )
})

t.test('a full pod range is reported with the place of what asked for too much', async t => {
  const cluster = clusterOf()
  apply(cluster, [deployment(200), selecting])
  const { problems } = apply(cluster, [deployment(260)])
  t.match(problems, [
    /^a\.yaml:1 \(document 1\): spec\.replicas: Cannot give "default\/web-.* and 5 more pods an address /,
  ])
  const pod =
    '{apiVersion: v1, kind: Pod, metadata: {name: extra}, spec: {containers: [{name: c, image: i}]}}'
  t.match(apply(cluster, [pod]).problems, [
    /^a\.yaml:1 \(document 1\): Cannot give "default\/extra" an address in "10\.244\.0\.0\/24": /,
  ])
})
