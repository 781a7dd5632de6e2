import t, { type Test } from 'tap'
import { FakeApiServer } from '../../test/support/fake-api-server.ts'
import { until } from '../../test/support/until.ts'
import { MetricCells } from '../lib/metric-cells.ts'
import type { Change } from '../objects/change.ts'
import { ApiSource, type ApiSourceOptions } from './api-source.ts'
import type { SourceUpdate } from './cluster-source.ts'

const services = '/api/v1/services'
const slices = '/apis/discovery.k8s.io/v1/endpointslices'
const namespaces = '/api/v1/namespaces'
const pods = '/api/v1/pods'

interface Opened {
  readonly source: ApiSource
  readonly lines: string[]
  readonly values: () => Record<string, number>
}

function open(t: Test, server: FakeApiServer, options: Partial<ApiSourceOptions> = {}): Opened {
  const lines: string[] = []
  const log =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level}: ${message}`)
  const series: Parameters<ConstructorParameters<typeof MetricCells>[0]>[0][] = []
  const source = new ApiSource({
    access: server.access,
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    cells: new MetricCells(one => series.push(one)),
    onRequest: () => {},
    pods: 'ignore',
    sliceLabels: 'drop',
    ...options,
  })
  t.teardown(() => source.close())
  const values = (): Record<string, number> => {
    source.publish()
    return Object.fromEntries(
      series.map(({ name, labels, cells, first }) => [
        `${name} ${Object.values(labels).join(' ')}`,
        new Float64Array(cells)[first]!,
      ]),
    )
  }
  return { source, lines, values }
}

function render(change: Change): string {
  const [kind, { namespace = '', name }] =
    change.type === 'upsert'
      ? [change.object.kind, change.object as { namespace?: string; name: string }]
      : [change.kind, change]
  return `${change.type} ${kind} ${namespace}/${name}`
}

const web = { metadata: { namespace: 'shop', name: 'web' }, spec: { clusterIP: '10.96.0.9' } }
const webSlice = {
  metadata: {
    namespace: 'shop',
    name: 'web-abc',
    labels: { 'kubernetes.io/service-name': 'web', app: 'web' },
    annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-11-21T07:00:00Z' },
  },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.244.0.7'] }],
}
const shop = { metadata: { name: 'shop' } }
const pod = { metadata: { namespace: 'shop', name: 'web-0' }, status: { podIP: '10.244.0.7' } }

function fill(server: FakeApiServer): void {
  server.put(services, web)
  server.put(slices, webSlice)
  server.put(namespaces, shop)
  server.put(pods, pod)
}

t.test(
  'read() has everything, watch() what changes, in one step for what came at once',
  async t => {
    await using server = await FakeApiServer.open()
    fill(server)
    const { source, lines } = open(t, server)
    const first = await source.read()
    t.strictSame(first.changes.map(render).toSorted(), [
      'upsert EndpointSlice shop/web-abc',
      'upsert Namespace /shop',
      'upsert Service shop/web',
    ])
    t.strictSame(first.triggers, [], 'what was before is not late')
    t.notOk(
      first.changes.some(
        change =>
          'object' in change && 'labels' in change.object && change.object.kind === 'EndpointSlice',
      ),
      'labels of slices are not kept',
    )
    const updates: SourceUpdate[] = []
    server.put(services, { ...web, spec: { clusterIP: '10.96.0.10' } })
    source.watch(update => updates.push(update))
    await until('the change is told', () => updates.length > 0)
    t.strictSame(updates[0]!.changes.map(render), ['upsert Service shop/web'])
    server.put(slices, webSlice)
    await until('the slice is told', () => updates.length > 1)
    t.match(updates[1]!.triggers, [
      { namespace: 'shop', serviceName: 'web', atMs: Date.parse('2026-11-21T07:00:00Z') },
    ])
    server.delete(services, web)
    server.delete(namespaces, shop)
    await until('both are told', () => updates.flatMap(({ changes }) => changes).length === 4)
    t.strictSame(
      updates
        .slice(2)
        .flatMap(({ changes }) => changes.map(render))
        .toSorted(),
      ['delete Namespace /shop', 'delete Service shop/web'],
    )
    t.strictSame(lines, [])
  },
)

t.test(
  'pods are watched only where they are asked for, and without those that have ended',
  async t => {
    await using server = await FakeApiServer.open()
    fill(server)
    const without = open(t, server)
    await without.source.read()
    t.notOk(server.calls.some(({ collection }) => collection === pods))
    const { source } = open(t, server, { pods: 'watch', sliceLabels: 'keep' })
    const { changes } = await source.read()
    t.ok(changes.map(render).includes('upsert Pod shop/web-0'))
    const asked = server.calls.find(({ collection }) => collection === pods)
    t.equal(asked?.query.get('fieldSelector'), 'status.phase!=Succeeded,status.phase!=Failed')
    const slice = changes.find(change => render(change).startsWith('upsert EndpointSlice'))
    t.match(slice, { object: { labels: { app: 'web' } } })
  },
)

t.test('read() waits for every resource, and one line says why', async t => {
  await using server = await FakeApiServer.open()
  fill(server)
  server.behave = call =>
    call.collection === slices
      ? call.refuse(403, {
          reason: 'Forbidden',
          message:
            'endpointslices.discovery.k8s.io is forbidden: User "system:serviceaccount:kube-system:coredns" cannot list resource "endpointslices" in API group "discovery.k8s.io" at the cluster scope',
        })
      : call.serve()
  const { source, lines, values } = open(t, server)
  const reading = source.read()
  await until('there is a line', () => lines.length > 0)
  await until('the others are known', () => source.waitingFor.length === 1)
  t.strictSame(source.waitingFor, ['endpointslices.discovery.k8s.io'])
  t.equal(lines.length, 1)
  t.match(
    lines[0],
    /^warn: .*endpointslices\.discovery\.k8s\.io is forbidden: User "system:serviceaccount:kube-system:coredns" cannot list/,
  )
  t.match(values(), {
    'signpost_reflector_synced endpointslices.discovery.k8s.io': 0,
    'signpost_reflector_synced services': 1,
  })
  server.behave = call => call.serve()
  t.equal((await reading).changes.length, 3)
  t.match(lines[1], /^info: following endpointslices\.discovery\.k8s\.io of .* again$/)
  t.match(values(), {
    'signpost_reflector_synced endpointslices.discovery.k8s.io': 1,
    'signpost_reflector_relists_total services start': 1,
    'signpost_reflector_drift_total services': 0,
  })
})

t.test('an object that cannot be kept is left out and told, the others are kept', async t => {
  await using server = await FakeApiServer.open()
  fill(server)
  server.put(services, {
    metadata: { namespace: 'shop', name: 'odd' },
    spec: { ports: 7, type: [] },
  })
  const { source } = open(t, server)
  const { changes } = await source.read()
  t.ok(changes.map(render).includes('upsert Service shop/web'))
})

t.test('what a list brings comes in large steps, and then the rest', async t => {
  await using server = await FakeApiServer.open()
  fill(server)
  const { source } = open(t, server)
  await source.read()
  const steps: number[] = []
  source.watch(({ changes }) => steps.push(changes.length))
  server.endWatches()
  // Too large for many of them to come in one piece.
  const spec = { externalName: 'x'.repeat(2000) }
  for (let i = 0; i < 450; i++)
    server.put(services, { metadata: { namespace: 'shop', name: `s${i}` }, spec })
  server.log.compact()
  const sum = (): number => steps.reduce((total, count) => total + count, 0)
  await until('all are told', () => sum() === 450)
  t.ok(
    steps.slice(0, -1).every(count => count >= 200),
    `in steps of ${steps.join()}`,
  )
})

t.test('close() ends a read that waits', async t => {
  await using server = await FakeApiServer.open()
  server.behave = () => {}
  const { source } = open(t, server)
  const reading = t.rejects(source.read(), {
    message: 'Cannot read the cluster: the source was closed',
  })
  await until('it asks', () => server.calls.length > 0)
  await source.close()
  await reading
  await until('nothing is open', () => server.openSockets === 0)
})
