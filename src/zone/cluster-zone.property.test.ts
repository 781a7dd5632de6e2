import assert from 'node:assert/strict'
import fc from 'fast-check'
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
import { MapSink } from '../../test/support/map-sink.ts'
import type { Change, ClusterObject } from '../objects/change.ts'
import { ServiceStore } from '../store/service-store.ts'
import { ClusterZone } from './cluster-zone.ts'
import type { ClusterZoneOptions } from './cluster-zone-options.ts'

/*
 * Small pools, so that objects meet: the same names, shared addresses, aliases of each other.
 */
const namespaceNames = ['a', 'b'] as const
const serviceNames = ['web', 'db', 'ext'] as const
const anyNamespace = fc.constantFrom(...namespaceNames)
const anyService = fc.constantFrom(...serviceNames)
const anyAddress = fc.constantFrom(
  '10.0.0.1',
  '10.0.0.2',
  '10.0.0.3',
  'fd00::1',
  'FD00:0::1',
  'fd00::',
  'nonsense',
  '::ffff:10.0.0.1',
)
const anyPorts = fc.constantFrom([], ['http:80'], ['http:8080', 'dns:53/UDP'], ['443'])
const anyExternalName = fc.oneof(
  fc.constantFrom(
    'www.example.org',
    'a.svc.cluster.local',
    'cluster.local',
    'ns.dns.cluster.local',
    '10-0-0-1.a.pod.cluster.local',
    '_tcp.web.a.svc.cluster.local',
    '_http._tcp.web.b.svc.cluster.local',
    '10-0-0-1.web.a.svc.cluster.local',
    'z1.pin._zone.web.a.svc.cluster.local',
    'z3.prefer._zone.web.a.svc.cluster.local',
    '10.0.0.1',
    `${'x'.repeat(64)}.example`,
    '',
  ),
  fc
    .tuple(anyService, anyNamespace)
    .map(([name, namespace]) => `${name}.${namespace}.svc.Cluster.local`),
)

const anyServiceObject = fc
  .tuple(
    anyNamespace,
    anyService,
    fc.oneof(
      fc.record({ ips: fc.array(anyAddress, { maxLength: 2 }), ports: anyPorts }),
      fc.record({ ips: fc.constant(['None']), ports: anyPorts }),
      fc.record({ externalName: anyExternalName }),
    ),
  )
  .map(([namespace, name, fields]) => service(`${namespace}/${name}`, fields))
const anyEndpoint = fc
  .tuple(
    anyAddress,
    fc.record({
      hostname: fc.constantFrom('', '', 'host-1', 'host-2', '10-0-0-1', 'x'.repeat(64)),
      ready: fc.constantFrom(true, true, false),
      podName: fc.constantFrom('', 'pod-1', 'pod.2'),
      zone: fc.constantFrom('', 'z1', 'z.2'),
    }),
  )
  .map(([address, fields]) => endpoint(address, fields))
const anySlice = fc
  .tuple(
    anyNamespace,
    anyService,
    fc.constantFrom('1', '2'),
    fc.record({
      ports: anyPorts,
      endpoints: fc.array(anyEndpoint, { maxLength: 4 }),
      addressType: fc.constantFrom('IPv4', 'IPv4', 'IPv6', 'FQDN'),
    }),
  )
  // Slice names that do not depend on the service: a slice may be given to another one.
  .map(([namespace, name, suffix, fields]) => ({
    ...slice(`${namespace}/${name}/${suffix}`, fields),
    name: `slice-${suffix}`,
  }))
const anyPod = fc
  .tuple(
    anyNamespace,
    fc.constantFrom('one', 'two'),
    fc.array(anyAddress, { maxLength: 2 }),
    fc.constantFrom('Running', 'Pending', 'Failed'),
  )
  .map(([namespace, name, ips, phase]) => pod(`${namespace}/${name}`, ips, phase))
const anyLabels = fc.constantFrom({}, { a: 'b' }, { a: 'c' })
const anyKind: fc.Arbitrary<ClusterObject> = fc.oneof(
  anyNamespace.map(name => namespace(name)),
  anyServiceObject,
  anyServiceObject,
  anySlice,
  anySlice,
  anyPod,
)
const anyObject = fc
  .tuple(anyKind, anyLabels)
  .map(([object, labels]): ClusterObject => ({ ...object, labels }))
const anyChange = fc
  .tuple(anyObject, fc.constantFrom(upserts, upserts, deletes))
  .map(([object, make]) => make(object)[0]!)
const anyBatches = fc.array(fc.array(anyChange, { maxLength: 6 }), { maxLength: 8 })
const anyOptions: fc.Arbitrary<ClusterZoneOptions> = fc.record({
  pods: fc.constantFrom('disabled', 'insecure', 'verified'),
  endpointPodNames: fc.boolean(),
  ignoreEmptyService: fc.boolean(),
  namespaces: fc.constantFrom([], ['a']),
  localAddresses: fc.constantFrom([], ['10.0.0.2', 'fd00::1']),
  zonal: fc.boolean(),
  noEndpoints: fc.constantFrom(false, false, true),
  labels: fc.constantFrom('', '', 'a', 'a=b'),
  namespaceLabels: fc.constantFrom('', '', '!a'),
  furtherZones: fc.constantFrom([], ['example.local']),
})

const now = 1_700_000_000

/** All that a sink holds, byte for byte. */
function contentOf(sink: MapSink): Record<string, unknown> {
  return Object.fromEntries(
    sink.names().map(name => [
      name,
      sink.answers(name)!.map(answer => ({
        ...answer,
        bytes: Buffer.from(answer.bytes).toString('hex'),
      })),
    ]),
  )
}

function finalObjects(batches: readonly (readonly Change[])[]): readonly ClusterObject[] {
  const objects = new Map<string, ClusterObject>()
  for (const change of batches.flat()) {
    const { kind, name, ...rest } = change.type === 'upsert' ? change.object : change
    const key = `${kind}/${'namespace' in rest ? rest.namespace : ''}/${name}`
    if (change.type === 'upsert') objects.set(key, change.object)
    else objects.delete(key)
  }
  return [...objects.values()]
}

t.test('ClusterZone after any changes equals a fresh one with the final state', t => {
  const property = fc.property(anyOptions, anyBatches, (options, batches) => {
    const sink = new MapSink()
    const zone = new ClusterZone(options, sink)
    const empty = contentOf(sink)
    const store = new ServiceStore()
    for (const batch of batches) zone.apply(store.apply(batch), now)

    const objects = finalObjects(batches)
    const fresh = new MapSink()
    new ClusterZone(options, fresh).apply(new ServiceStore().apply(upserts(...objects)), now)
    const late = new MapSink()
    new ClusterZone(options, late).apply(store.everything(), now)
    const wanted = contentOf(fresh)
    assert.deepEqual(contentOf(sink), wanted)
    assert.deepEqual(contentOf(late), wanted)

    for (const change of deletes(...objects)) zone.apply(store.apply([change]), now)
    assert.deepEqual(contentOf(sink), empty)
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 400 }))
  t.end()
})
