import fc from 'fast-check'
import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { objectKey } from '../objects/change.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { heldAddresses, heldNodePorts } from './held-resources.ts'
import { type AllocationOutcome, ServiceAllocator } from './service-allocator.ts'

const serviceCidrs = ['10.96.0.0/29', 'fd00::/125', '10.97.0.0/30'].map(text => parseCidr(text)!)
const nodePortRange = { first: 30000, last: 30007 }
const addresses = [
  ...Array.from({ length: 10 }, (_, i) => `10.96.0.${i}`),
  ...Array.from({ length: 5 }, (_, i) => `10.97.0.${i}`),
  ...Array.from({ length: 10 }, (_, i) => `fd00::${i || ''}`),
]
const ports = Array.from({ length: 10 }, (_, i) => 29999 + i)

function newAllocator(): ServiceAllocator {
  return new ServiceAllocator({ serviceCidrs, nodePortRange })
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 })

const family = fc.constantFrom('IPv4', 'IPv6')
const clusterIP = fc.oneof(fc.constantFrom(...addresses), fc.constant('None'))
const specs = fc.record({
  type: fc.constantFrom('ClusterIP', 'ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
  clusterIP: maybe(clusterIP),
  clusterIPs: maybe(fc.array(clusterIP, { maxLength: 2 })),
  ipFamilies: maybe(fc.uniqueArray(family, { maxLength: 2 })),
  ipFamilyPolicy: maybe(fc.constantFrom('SingleStack', 'PreferDualStack', 'RequireDualStack')),
  externalTrafficPolicy: maybe(fc.constant('Local')),
  healthCheckNodePort: maybe(fc.constantFrom(...ports)),
  selector: maybe(fc.constant({ app: 'web' })),
  ports: fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b'),
      protocol: fc.constantFrom('TCP', 'UDP'),
      port: fc.constantFrom(53, 80),
      nodePort: maybe(fc.constantFrom(...ports)),
    }),
    { minLength: 1, maxLength: 2 },
  ),
})

/** Mostly bare manifests, because a random spec is seldom a legal one. */
const manifests = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'kubernetes'),
    fc.oneof(
      specs,
      specs.map(({ type, ipFamilyPolicy, ports }) => ({ type, ipFamilyPolicy, ports })),
      specs.map(spec => ({ ...spec, clusterIPs: undefined, ipFamilies: undefined })),
    ),
  )
  .map(([name, spec]) => reduceService({ metadata: { namespace: 'default', name }, spec }))

type Operation = { readonly delete: string } | { readonly apply: Service }
const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    { arbitrary: manifests.map(service => ({ apply: service })), weight: 4 },
    { arbitrary: manifests.map(service => ({ delete: objectKey(service) })), weight: 1 },
  ),
  { maxLength: 30 },
)

/** Who has what, as the pools see it. */
function poolContents(allocator: ServiceAllocator): string[] {
  const taken = [
    ...addresses.map(address => [address, allocator.addressOwner(address)]),
    ...ports.map(port => [port, allocator.nodePortOwner(port)]),
  ]
  return taken
    .filter(([, owner]) => owner)
    .map(([value, owner]) => `${value} ${owner}`)
    .sort()
}

/** Who has what, as the Services say. */
function heldBy(services: Iterable<Service>): string[] {
  return [...services]
    .flatMap(service =>
      [...heldAddresses(service), ...heldNodePorts(service)].map(
        value => `${value} ${objectKey(service)}`,
      ),
    )
    .sort()
}

function run(
  allocator: ServiceAllocator,
  live: Map<string, Service>,
  operation: Operation,
): AllocationOutcome | undefined {
  if ('delete' in operation) {
    const service = live.get(operation.delete)
    if (service) allocator.delete(service)
    live.delete(operation.delete)
    return undefined
  }
  const before = live.get(objectKey(operation.apply))
  const outcome = before
    ? allocator.update(before, operation.apply)
    : allocator.create(operation.apply)
  if ('service' in outcome) live.set(objectKey(outcome.service), outcome.service)
  return outcome
}

t.test('the pools hold what the Services say, each once, and refusals change nothing', async t => {
  let accepted = 0
  let refused = 0
  fc.assert(
    fc.property(operations, list => {
      const allocator = newAllocator()
      const live = new Map<string, Service>()
      for (const operation of list) {
        const before = poolContents(allocator)
        const outcome = run(allocator, live, operation)
        const contents = poolContents(allocator)
        if (outcome && 'errors' in outcome) {
          refused++
          if (contents.join() !== before.join()) throw new Error('a refusal changed the pools')
        } else accepted++
        const held = heldBy(live.values())
        const values = held.map(line => line.split(' ')[0])
        if (new Set(values).size < values.length) throw new Error(`held twice: ${held.join()}`)
        if (contents.join() !== held.join())
          throw new Error(`pools: ${contents.join()}, Services: ${held.join()}`)
      }
    }),
    { numRuns: 800 },
  )
  t.ok(accepted > 500 && refused > 500, `${accepted} accepted, ${refused} refused`)
})

t.test('the same operations have the same outcomes in every instance', async () => {
  fc.assert(
    fc.property(operations, list => {
      const [one, other] = [newAllocator(), newAllocator()]
      const [liveOne, liveOther] = [new Map(), new Map()]
      for (const operation of list) {
        const outcomes = [run(one, liveOne, operation), run(other, liveOther, operation)]
        if (JSON.stringify(outcomes[0]) !== JSON.stringify(outcomes[1])) throw new Error('differs')
      }
    }),
    { numRuns: 300 },
  )
})

t.test('a restart by restore() has the same pools', async () => {
  fc.assert(
    fc.property(operations, list => {
      const allocator = newAllocator()
      const live = new Map<string, Service>()
      for (const operation of list) run(allocator, live, operation)
      const again = newAllocator()
      for (const service of live.values())
        if (again.restore(service).length > 0) throw new Error('a finding')
      if (poolContents(again).join() !== poolContents(allocator).join()) throw new Error('differs')
    }),
    { numRuns: 300 },
  )
})

t.test(
  'delete and create again give the same, unless a place before it has become free',
  async () => {
    fc.assert(
      fc.property(fc.uniqueArray(manifests, { selector: objectKey }), list => {
        const allocator = newAllocator()
        const live = new Map<string, Service>()
        for (const manifest of list) {
          const outcome = run(allocator, live, { apply: manifest })
          if (!outcome || 'errors' in outcome) continue
          allocator.delete(outcome.service)
          const again = allocator.create(manifest)
          if (JSON.stringify(again) !== JSON.stringify(outcome)) throw new Error('the newest moved')
        }
        for (const manifest of list) {
          const service = live.get(objectKey(manifest))
          const alone = newAllocator().create(manifest)
          if (!service || JSON.stringify(alone) !== JSON.stringify({ service, warnings: [] }))
            continue
          allocator.delete(service)
          const again = allocator.create(manifest)
          if (JSON.stringify(again) !== JSON.stringify(alone)) throw new Error('one at home moved')
        }
      }),
      { numRuns: 500 },
    )
  },
)
