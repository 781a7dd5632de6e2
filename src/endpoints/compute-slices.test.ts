import fc from 'fast-check'
import t from 'tap'
import { familyOfText } from '../lib/ip.ts'
import type { EndpointSlice } from '../objects/endpoint-slice.ts'
import { matchesLabels } from '../objects/labels.ts'
import { type Pod, reducePod } from '../objects/pod.ts'
import type { RawObject } from '../objects/raw-value.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { computeSlices } from './compute-slices.ts'

function service(spec: RawObject = {}): Service {
  const standard = { clusterIP: '10.96.0.1', selector: { app: 'web' }, ports: [{ port: 80 }] }
  return reduceService({
    metadata: { namespace: 'default', name: 'web' },
    spec: { ...standard, ...spec },
  })
}

interface PodShape {
  readonly ips?: readonly string[]
  readonly labels?: RawObject
  readonly port?: number
}

function pod(name: string, { ips, labels, port }: PodShape = {}): Pod {
  const number = Number(/\d+$/.exec(name)?.[0] ?? 0)
  const podIPs = (ips ?? [`10.0.${number >> 8}.${number & 255}`]).map(ip => ({ ip }))
  return reducePod({
    metadata: { namespace: 'default', name, labels: labels ?? { app: 'web' } },
    spec: { containers: [{ ports: port ? [{ name: 'http', containerPort: port }] : [] }] },
    status: { phase: 'Running', podIPs, conditions: [{ type: 'Ready', status: 'True' }] },
  })
}

function pods(count: number): Pod[] {
  return Array.from({ length: count }, (_, i) => pod(`web-${i}`))
}

/** `IPv4 http/8080: 10.0.0.1 10.0.0.2`, one line per slice. */
function render(slices: readonly EndpointSlice[]): string[] {
  return slices.map(({ addressType, ports, endpoints }) => {
    const portText = ports.map(port => ` ${port.name}/${port.port}`).join('')
    return `${addressType}${portText}: ${endpoints.map(each => each.address).join(' ')}`
  })
}

const dual = { ips: ['10.0.0.1', 'fd00::1'] }
const named = {
  ports: [
    { name: 'a', port: 80, targetPort: 'http' },
    { name: 'b', port: 81 },
  ],
}

const cases: readonly {
  readonly name: string
  readonly spec?: RawObject
  readonly pods: readonly Pod[]
  readonly slices: readonly string[]
}[] = [
  {
    name: 'selected pods',
    pods: [pod('a', { ips: ['10.0.0.1'] }), pod('b', { ips: ['10.0.0.2'] })],
    slices: ['IPv4 /80: 10.0.0.1 10.0.0.2'],
  },
  { name: 'other labels', pods: [pod('a', { labels: { app: 'db' } })], slices: [] },
  { name: 'no selector', spec: { selector: undefined }, pods: [pod('a')], slices: [] },
  { name: 'empty selector', spec: { selector: {} }, pods: [pod('a')], slices: [] },
  { name: 'ExternalName', spec: { type: 'ExternalName' }, pods: [pod('a')], slices: [] },
  { name: 'headless without endpoints', spec: { clusterIP: 'None' }, pods: [], slices: [] },
  {
    name: 'headless without ports',
    spec: { clusterIP: 'None', ports: [] },
    pods: [pod('a', { ips: ['10.0.0.1'] })],
    slices: ['IPv4: 10.0.0.1'],
  },
  {
    name: 'families as given',
    spec: { ipFamilies: ['IPv6', 'IPv4'] },
    pods: [pod('a', dual)],
    slices: ['IPv6 /80: fd00::1', 'IPv4 /80: 10.0.0.1'],
  },
  {
    name: 'family of the cluster IP',
    spec: { clusterIP: 'fd00::10' },
    pods: [pod('a', dual)],
    slices: ['IPv6 /80: fd00::1'],
  },
  {
    name: 'headless without families: both',
    spec: { clusterIP: 'None' },
    pods: [pod('a', dual)],
    slices: ['IPv4 /80: 10.0.0.1', 'IPv6 /80: fd00::1'],
  },
  {
    name: 'no cluster IP yet: both',
    spec: { clusterIP: '' },
    pods: [pod('a', dual)],
    slices: ['IPv4 /80: 10.0.0.1', 'IPv6 /80: fd00::1'],
  },
  {
    name: 'named ports that differ, and one that is missing',
    spec: named,
    pods: [
      pod('a', { ips: ['10.0.0.1'], port: 8080 }),
      pod('b', { ips: ['10.0.0.2'], port: 8081 }),
      pod('c', { ips: ['10.0.0.3'], port: 8080 }),
      pod('d', { ips: ['10.0.0.4'] }),
    ],
    slices: [
      'IPv4 a/8080 b/81: 10.0.0.1 10.0.0.3',
      'IPv4 a/8081 b/81: 10.0.0.2',
      'IPv4 b/81: 10.0.0.4',
    ],
  },
]

t.test('computeSlices() groups the selected pods by family and ports', async t => {
  for (const { name, spec, pods: list, slices } of cases) {
    t.strictSame(
      render(computeSlices({ service: service(spec), pods: list, existing: [] })),
      slices,
      name,
    )
  }
})

t.test('computeSlices() names slices after the Service, always the same', async t => {
  const input = { service: service(), pods: pods(250), existing: [] }
  const slices = computeSlices(input)
  t.strictSame(
    slices.map(slice => slice.endpoints.length),
    [100, 100, 50],
  )
  t.equal(new Set(slices.map(slice => slice.name)).size, 3)
  for (const slice of slices) {
    t.match(slice, { kind: 'EndpointSlice', namespace: 'default', serviceName: 'web' })
    t.match(slice.name, /^web-[a-z0-9]{5}$/)
  }
  t.strictSame(computeSlices(input), slices)
})

t.test('computeSlices() answers with the very same slices when nothing changed', async t => {
  const existing = computeSlices({ service: service(), pods: pods(250), existing: [] })
  t.equal(computeSlices({ service: service(), pods: pods(250), existing }), existing)
  t.equal(computeSlices({ service: service(), pods: pods(250).toReversed(), existing }), existing)
  t.equal(
    computeSlices({ service: service(), pods: [], existing, changedPods: new Set(['x']) }),
    existing,
  )
})

t.test('computeSlices() changes one slice when a pod goes, and one when it comes back', async t => {
  const all = pods(250)
  const existing = computeSlices({ service: service(), pods: all, existing: [] })
  const without = computeSlices({ service: service(), pods: all.toSpliced(120, 1), existing })
  t.equal(without.filter(slice => !existing.includes(slice)).length, 1)
  const again = computeSlices({ service: service(), pods: all, existing: without })
  t.equal(again.filter(slice => !without.includes(slice)).length, 1)
  t.strictSame(
    again.map(slice => slice.endpoints.length),
    [100, 100, 50],
  )
})

t.test('computeSlices() fills a slice anew rather than deleting it', async t => {
  const existing = computeSlices({ service: service(), pods: pods(3), existing: [] })
  const moved = service({ ports: [{ port: 81 }] })
  const slices = computeSlices({ service: moved, pods: pods(3), existing })
  t.equal(slices.length, 1)
  t.equal(slices[0]!.name, existing[0]!.name)
  t.strictSame(slices[0]!.ports, [{ name: '', protocol: 'TCP', port: 81 }])
  t.equal(slices[0]!.endpoints.length, 3)
})

t.test('computeSlices() drops slices of a family or Service type that ended', async t => {
  const spec = { ipFamilies: ['IPv4', 'IPv6'] }
  const existing = computeSlices({ service: service(spec), pods: [pod('a', dual)], existing: [] })
  const single = computeSlices({ service: service(), pods: [pod('a', dual)], existing })
  t.strictSame(single, [existing[0]])
  t.equal(single[0], existing[0])
  const external = service({ type: 'ExternalName' })
  t.strictSame(computeSlices({ service: external, pods: [pod('a', dual)], existing }), [])
})

t.test('computeSlices() gives slices the labels of their Service', async t => {
  const before = service()
  const existing = computeSlices({ service: before, pods: pods(3), existing: [] })
  t.notOk('labels' in existing[0]!)
  const labelled = { ...before, labels: { team: 'a' } }
  const slices = computeSlices({ service: labelled, pods: pods(3), existing })
  t.match(slices, [{ name: existing[0]!.name, labels: { team: 'a' } }])
  const again = { ...before, labels: { team: 'a' } }
  t.equal(computeSlices({ service: again, pods: pods(3), existing: slices }), slices)
  t.match(computeSlices({ service: again, pods: pods(101), existing: slices }), [
    { labels: { team: 'a' } },
    { labels: { team: 'a' } },
  ])
  t.strictSame(computeSlices({ service: before, pods: pods(3), existing: slices }), existing)
})

t.test('computeSlices() never gives two slices of a Service one name', async t => {
  const all = pods(450)
  let existing = computeSlices({ service: service(), pods: all, existing: [] })
  // The first slice goes: the next new name must not be one that is still in use.
  existing = computeSlices({ service: service(), pods: all.slice(100), existing })
  existing = computeSlices({ service: service(), pods: all, existing })
  t.equal(new Set(existing.map(slice => slice.name)).size, existing.length)
})

/** What every endpoint must be, without slices: `family ports address ready`, sorted. */
function model(subject: Service, list: readonly Pod[]): string[] {
  const families = subject.ipFamilies
  return list
    .filter(each => matchesLabels(subject.selector!, each.labels))
    .flatMap(each =>
      each.podIPs
        .filter(ip => families.includes(familyOfText(ip)!))
        .map(ip => `${familyOfText(ip)} ${each.ports[0]?.containerPort ?? ''} ${ip} ${each.ready}`),
    )
    .sort()
}

function flatten(slices: readonly EndpointSlice[]): string[] {
  return slices
    .flatMap(slice =>
      slice.endpoints.map(
        each => `${slice.addressType} ${slice.ports[0]?.port ?? ''} ${each.address} ${each.ready}`,
      ),
    )
    .sort()
}

const podState = fc.record({
  exists: fc.boolean(),
  ready: fc.boolean(),
  app: fc.constantFrom('web', 'web', 'db'),
  port: fc.constantFrom(undefined, 8080, 8081),
  isDual: fc.boolean(),
})

function podInState(
  number: number,
  state: typeof podState extends fc.Arbitrary<infer S> ? S : never,
): Pod {
  const ips = [`10.0.0.${number}`, ...(state.isDual ? [`fd00::${number + 1}`] : [])]
  const { app, port, ready } = state
  return { ...pod(`web-${number}`, { ips, labels: { app }, ...(port ? { port } : {}) }), ready }
}

t.test('computeSlices() agrees with a model through any changes, whole or in part', async t => {
  const steps = fc.array(fc.array(fc.tuple(fc.nat(200), podState), { maxLength: 150 }), {
    maxLength: 6,
  })
  const families = fc.constantFrom(['IPv4'], ['IPv6', 'IPv4'])
  fc.assert(
    fc.property(steps, families, (batches, ipFamilies) => {
      const subject = service({ ipFamilies, ports: [{ port: 80, targetPort: 'http' }] })
      const current = new Map<string, Pod>()
      let whole: readonly EndpointSlice[] = []
      let partly: readonly EndpointSlice[] = []
      for (const batch of batches) {
        const changed = new Map<string, Pod | undefined>()
        for (const [number, state] of batch) {
          const now = state.exists ? podInState(number, state) : undefined
          changed.set(`web-${number}`, now)
          if (now) current.set(now.name, now)
          else current.delete(`web-${number}`)
        }
        whole = computeSlices({ service: subject, pods: current.values(), existing: whole })
        const left = [...changed.values()].filter(each => each !== undefined)
        const changedPods = new Set(changed.keys())
        partly = computeSlices({ service: subject, pods: left, existing: partly, changedPods })
        const expected = model(subject, [...current.values()]).join('\n')
        for (const slices of [whole, partly]) {
          if (flatten(slices).join('\n') !== expected) return false
          if (slices.some(({ endpoints: { length } }) => length < 1 || length > 100)) return false
          if (new Set(slices.map(slice => slice.name)).size !== slices.length) return false
        }
      }
      return true
    }),
    { numRuns: 60 },
  )
  t.pass()
})
