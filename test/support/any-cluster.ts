import fc from 'fast-check'
import type { Change, ClusterObject } from '../../src/objects/change.ts'
import { deletes, endpoint, namespace, service, slice, upserts } from './cluster-objects.ts'

/*
 * Random clusters out of small pools, so that objects meet: the same names, shared addresses, aliases of each other; some
 * Services have more endpoints than a UDP reply holds.
 */
const anyNamespace = fc.constantFrom('a', 'b')
const anyName = fc.constantFrom('web', 'db', 'ext')
const anyPorts = fc.constantFrom([], ['http:80'], ['http:8080', 'dns:53/UDP'], ['443'])
const anyAddress = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', 'fd00::1', 'fd00::2')
const anyAlias = fc.oneof(
  fc.constantFrom(
    'www.example.org',
    'a.svc.cluster.local',
    'cluster.local',
    '_http._tcp.web.b.svc.cluster.local',
    'gone.a.svc.cluster.local',
  ),
  fc.tuple(anyName, anyNamespace).map(([name, space]) => `${name}.${space}.svc.Cluster.local`),
)
const anyService = fc
  .tuple(
    anyNamespace,
    anyName,
    fc.oneof(
      fc.record({ ips: fc.array(anyAddress, { maxLength: 2 }), ports: anyPorts }),
      fc.record({ ips: fc.constant(['None']), ports: anyPorts }),
      fc.record({ externalName: anyAlias }),
    ),
  )
  .map(([space, name, fields]) => service(`${space}/${name}`, fields))
const anySlice = fc
  .tuple(
    anyNamespace,
    anyName,
    fc.constantFrom('1', '2'),
    fc.record({
      ports: anyPorts,
      count: fc.constantFrom(0, 1, 2, 3, 40, 90),
      prefix: fc.constantFrom('172.0.1.', '172.0.2.', 'fd01::'),
      hostname: fc.constantFrom('', 'host-1'),
      ready: fc.constantFrom(true, true, false),
    }),
  )
  .map(([space, name, suffix, { ports, count, prefix, hostname, ready }]) =>
    slice(`${space}/${name}/${suffix}`, {
      ports,
      endpoints: Array.from({ length: count }, (_, i) =>
        endpoint(`${prefix}${i + 1}`, { hostname: i === 0 ? hostname : '', ready }),
      ),
    }),
  )
const anyObject: fc.Arbitrary<ClusterObject> = fc.oneof(
  anyNamespace.map(namespace),
  anyService,
  anyService,
  anySlice,
  anySlice,
)

/** Batches of changes, one after the other. The namespaces are there from the beginning. */
export const anyHistory: fc.Arbitrary<readonly (readonly Change[])[]> = fc
  .array(
    fc.array(
      fc
        .tuple(anyObject, fc.constantFrom(upserts, upserts, upserts, deletes))
        .map(([object, make]) => make(object)[0]!),
      { maxLength: 8 },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map(batches => [upserts(namespace('a'), namespace('b')), ...batches])
