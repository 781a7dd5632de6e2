import t from 'tap'
import { ServiceAllocator } from '../clusterip/service-allocator.ts'
import { parseCidr } from '../lib/cidr.ts'
import { objectKey } from '../objects/change.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { type RegistryUpdate, ServiceRegistry, type ServiceStorage } from './service-registry.ts'

type Spec = Readonly<Record<string, unknown>>

/** A disk that can be full. */
class MemoryStorage implements ServiceStorage {
  readonly rows = new Map<string, Service>()
  isFull = false

  load(): readonly Service[] {
    return [...this.rows.values()]
  }

  commit({ upserts, deletes }: Parameters<ServiceStorage['commit']>[0]): void {
    if (this.isFull) throw new Error('disk full')
    for (const key of deletes) this.rows.delete(objectKey(key))
    for (const service of upserts) this.rows.set(objectKey(service), service)
  }

  get words(): string {
    return [...this.rows.values()].map(renderService).sort().join(' ')
  }
}

function registryOf(storage?: ServiceStorage, cidr = '10.96.0.0/24'): ServiceRegistry {
  return new ServiceRegistry(new ServiceAllocator({ serviceCidrs: [parseCidr(cidr)!] }), storage)
}

function serviceOf(name: string, spec: Spec): Service {
  return reduceService({
    metadata: { namespace: 'default', name },
    spec: { ports: [{ port: 80 }], ...spec },
  })
}

function renderService({ name, type, clusterIPs, ports, externalName }: Service): string {
  const nodePort = ports[0]?.nodePort ? `:${ports[0].nodePort}` : ''
  return `${name}=${type === 'ExternalName' ? externalName : clusterIPs.join()}${nodePort}`
}

/** What a batch holds: `spec` of each Service, `undefined` for one that goes. */
type Batch = Readonly<Record<string, Spec | undefined>>

function applyBatch(registry: ServiceRegistry, batch: Batch, isWhole = true): RegistryUpdate {
  const entries = Object.entries(batch)
  return registry.apply({
    upserts: entries.flatMap(([name, spec]) =>
      spec ? [{ service: serviceOf(name, spec), place: `${name}.yaml` }] : [],
    ),
    deletes: entries.flatMap(([name, spec]) => (spec ? [] : [{ namespace: 'default', name }])),
    isWhole,
  })
}

/** `web=10.96.0.9 -db !refused name ?warned +mended`. */
function summary(update: RegistryUpdate): string {
  const { upserts, deletes, problems, warnings, solved, isStored } = update
  return [
    ...upserts.map(renderService).sort(),
    ...deletes.map(({ name }) => `-${name}`),
    ...problems.map(text => `!${text}`),
    ...warnings.map(text => `?${text}`),
    ...solved.map(text => `+${text}`),
    ...(isStored ? [] : ['(not stored)']),
  ].join(' ')
}

function refusedText(name: string, address: string): string {
  return (
    `!${name}.yaml: Service "${name}" is invalid: spec.clusterIPs: ` +
    `Invalid value: ["${address}"]: failed to allocate IP ${address}: provided IP is already allocated`
  )
}

function ipOf(address: string): Spec {
  return { clusterIP: address }
}

const outside = { type: 'ExternalName', externalName: 'www.example.org' }
const scenarios: Readonly<Record<string, readonly (readonly [batch: Batch, outcome: string])[]>> = {
  'a Service that asks for a taken address waits until it is free': [
    [{ a: ipOf('10.96.0.9') }, 'a=10.96.0.9'],
    [{ b: ipOf('10.96.0.9') }, refusedText('b', '10.96.0.9')],
    [{}, ''],
    [{ a: undefined }, 'b=10.96.0.9 -a +b.yaml: Service "default/b"'],
  ],
  'also when the holder only stops to need it': [
    [{ a: ipOf('10.96.0.9') }, 'a=10.96.0.9'],
    [{ b: ipOf('10.96.0.9') }, refusedText('b', '10.96.0.9')],
    [{ a: outside }, 'a=www.example.org b=10.96.0.9 +b.yaml: Service "default/b"'],
  ],
  'what one gives up in a batch another gets in the same, whatever their names': [
    [{ z: ipOf('10.96.0.9') }, 'z=10.96.0.9'],
    [{ a: ipOf('10.96.0.9'), z: outside }, 'a=10.96.0.9 z=www.example.org'],
  ],
  'a chain of wishes is granted to its end': [
    [{ z: ipOf('10.96.0.9'), y: ipOf('10.96.0.8') }, 'y=10.96.0.8 z=10.96.0.9'],
    [{ a: ipOf('10.96.0.8') }, refusedText('a', '10.96.0.8')],
    [{ z: undefined, y: outside }, 'a=10.96.0.8 y=www.example.org -z +a.yaml: Service "default/a"'],
  ],
  'a refused change leaves the last good state': [
    [{ a: ipOf('10.96.0.9') }, 'a=10.96.0.9'],
    [
      { a: ipOf('10.96.0.10') },
      '!a.yaml: Service "a" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.0.10"]: may not change once set',
    ],
    [{ a: ipOf('10.96.0.9') }, '+a.yaml: Service "default/a"'],
  ],
  'a refused Service that is taken back is no problem any more': [
    [{ a: ipOf('10.96.0.9') }, 'a=10.96.0.9'],
    [{ b: ipOf('10.96.0.9') }, refusedText('b', '10.96.0.9')],
    [{ b: undefined }, '+b.yaml: Service "default/b"'],
    [{ a: undefined }, '-a'],
  ],
  'a refusal is told again when its reason is another': [
    [{ a: ipOf('10.96.0.9'), c: ipOf('10.96.0.8') }, 'a=10.96.0.9 c=10.96.0.8'],
    [{ b: ipOf('10.96.0.9') }, refusedText('b', '10.96.0.9')],
    [{ b: ipOf('10.96.0.8') }, refusedText('b', '10.96.0.8')],
  ],
  'a Service that went and came is as it was': [
    [{ web: {} }, 'web=10.96.0.165'],
    [{ web: undefined }, '-web'],
    [{ web: {} }, 'web=10.96.0.165'],
    [{ web: {} }, ''],
  ],
}

for (const [name, steps] of Object.entries(scenarios)) {
  t.test(`ServiceRegistry.apply(): ${name}`, async t => {
    const storage = new MemoryStorage()
    const registry = registryOf(storage)
    for (const [batch, outcome] of steps)
      t.equal(summary(applyBatch(registry, batch)), outcome, JSON.stringify(batch))
  })
}

t.test('ServiceRegistry.apply() says what is odd apart from what is refused', async t => {
  const registry = registryOf(undefined, 'fd00::/120')
  t.equal(
    summary(applyBatch(registry, { web: ipOf('fd00:0::9') })),
    'web=fd00:0::9 ?web.yaml: Service "default/web": spec.clusterIPs[0]: ' +
      'IPv6 address "fd00:0::9" should be in RFC 5952 canonical format ("fd00::9")',
  )
})

t.test('ServiceRegistry.apply() gives nothing out that is not stored', async t => {
  const storage = new MemoryStorage()
  const registry = registryOf(storage)
  applyBatch(registry, { old: ipOf('10.96.0.7') })
  storage.isFull = true
  t.equal(summary(applyBatch(registry, { a: ipOf('10.96.0.9') })), '!disk full (not stored)')
  t.equal(summary(applyBatch(registry, { b: ipOf('10.96.0.8') })), '(not stored)')
  t.equal(summary(applyBatch(registry, { a: undefined, old: undefined })), '(not stored)')
  t.equal(summary(applyBatch(registry, { c: ipOf('10.96.0.9') })), '(not stored)')
  t.equal(storage.words, 'old=10.96.0.7')
  storage.isFull = false
  t.equal(summary(applyBatch(registry, {})), 'b=10.96.0.8 c=10.96.0.9 -a -old +disk full')
  t.equal(storage.words, 'b=10.96.0.8 c=10.96.0.9')
  t.equal(summary(applyBatch(registry, {})), '')
})

t.test('ServiceRegistry restores what was given out', async t => {
  const storage = new MemoryStorage()
  applyBatch(registryOf(storage), { a: ipOf('10.96.0.9'), b: {}, gone: ipOf('10.96.0.8') })
  const kept = storage.words

  const registry = registryOf(storage)
  t.equal(
    summary(applyBatch(registry, { thief: ipOf('10.96.0.8') }, false)),
    refusedText('thief', '10.96.0.8'),
    'while a manifest cannot be read, what is stored without one is not given up',
  )
  t.equal(summary(applyBatch(registry, { b: {} }, false)), kept.split(' ')[1])
  t.equal(
    summary(applyBatch(registry, { a: {} })),
    'a=10.96.0.9 thief=10.96.0.8 +thief.yaml: Service "default/thief"',
    'the address stays where the manifest no longer names it; what nobody wants is released',
  )
  t.notMatch(storage.words, 'gone')
})

t.test('ServiceRegistry keeps the address of a Service whose manifest is refused', async t => {
  const storage = new MemoryStorage()
  applyBatch(registryOf(storage), { a: ipOf('10.96.0.9') })
  const registry = registryOf(storage)
  t.match(
    summary(applyBatch(registry, { a: ipOf('10.96.0.10') })),
    /^a=10\.96\.0\.9 !a\.yaml: .*may not change once set$/,
  )
})

t.test('ServiceRegistry tells of stored addresses that two Services have', async t => {
  const storage = new MemoryStorage()
  for (const name of ['a', 'b']) {
    const service = { ...serviceOf(name, ipOf('10.96.0.9')), clusterIPs: ['10.96.0.9'] }
    storage.rows.set(name, { ...service, ipFamilies: ['IPv4'] })
  }
  const update = applyBatch(registryOf(storage), {})
  t.match(update.problems, [/^stored Service "default\/b": /])
})

t.test('a node port that is given up in a batch can be taken in the same', async t => {
  const registry = registryOf()
  const port = (nodePort: number): Spec => ({ type: 'NodePort', ports: [{ port: 80, nodePort }] })
  applyBatch(registry, { z: port(30_001) })
  t.match(
    applyBatch(registry, { a: port(30_001), z: port(30_002) }).upserts.map(
      ({ name, ports }) => `${name}:${ports[0]?.nodePort}`,
    ),
    ['z:30002', 'a:30001'],
  )
})
