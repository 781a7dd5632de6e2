import t from 'tap'
import type { Endpoint, EndpointSlice } from '../objects/endpoint-slice.ts'
import { placeEndpoints } from './place-endpoints.ts'

function endpoint(podName: string, ready = true): Endpoint {
  const flags = { ready, serving: ready, terminating: false }
  return {
    address: `address of ${podName}`,
    hostname: '',
    ...flags,
    nodeName: '',
    zone: '',
    podName,
  }
}

function endpoints(from: number, count: number): Endpoint[] {
  return Array.from({ length: count }, (_, i) => endpoint(`pod-${from + i}`))
}

function slice(name: string, list: readonly Endpoint[]): EndpointSlice {
  const ports = [{ name: '', protocol: 'TCP', port: 80 }] as const
  const about = { kind: 'EndpointSlice', namespace: 'default', serviceName: 'web' } as const
  return { ...about, name, addressType: 'IPv4', ports, endpoints: list }
}

interface Case {
  readonly name: string
  /** First number and count of the pods in each slice there is. */
  readonly existing: readonly (readonly [number, number])[]
  readonly desired: readonly (readonly [number, number])[]
  /** Sizes of the slices afterwards; `=` where the slice must be the same object. */
  readonly kept: readonly string[]
  readonly emptied?: number
  readonly created?: readonly number[]
}

const cases: readonly Case[] = [
  { name: 'nothing', existing: [], desired: [], kept: [] },
  { name: 'the first endpoints', existing: [], desired: [[0, 3]], kept: [], created: [3] },
  { name: '100 in one slice', existing: [], desired: [[0, 100]], kept: [], created: [100] },
  { name: '101 in two', existing: [], desired: [[0, 101]], kept: [], created: [100, 1] },
  { name: '250 in three', existing: [], desired: [[0, 250]], kept: [], created: [100, 100, 50] },
  {
    name: 'no change',
    existing: [
      [0, 100],
      [100, 5],
    ],
    desired: [[0, 105]],
    kept: ['=100', '=5'],
  },
  {
    name: 'one gone',
    existing: [
      [0, 100],
      [100, 5],
    ],
    desired: [[1, 104]],
    kept: ['99', '=5'],
  },
  {
    name: 'one gone, one new: the slice that changes anyway takes it',
    existing: [
      [0, 50],
      [100, 5],
    ],
    desired: [
      [1, 49],
      [100, 5],
      [200, 1],
    ],
    kept: ['50', '=5'],
  },
  {
    name: 'of the slices that change, the fullest is filled first',
    existing: [
      [0, 50],
      [100, 90],
    ],
    desired: [
      [1, 49],
      [101, 89],
      [200, 5],
    ],
    kept: ['49', '94'],
  },
  {
    name: 'what is left over fills the next one, then a slice that did not change',
    existing: [
      [0, 100],
      [100, 100],
      [200, 60],
    ],
    desired: [
      [1, 99],
      [101, 99],
      [200, 60],
      [300, 10],
    ],
    kept: ['100', '100', '68'],
  },
  {
    name: 'a new one goes into the fullest slice with room',
    existing: [
      [0, 100],
      [100, 10],
      [200, 98],
      [300, 20],
    ],
    desired: [
      [0, 110],
      [200, 98],
      [300, 20],
      [400, 2],
    ],
    kept: ['=100', '=10', '100', '=20'],
  },
  {
    name: 'a rest that fits into no slice gets its own, and nothing is rebalanced',
    existing: [
      [0, 60],
      [100, 70],
    ],
    desired: [
      [0, 60],
      [100, 70],
      [200, 50],
    ],
    kept: ['=60', '=70'],
    created: [50],
  },
  {
    name: 'a hundred or more never go into a slice that did not change',
    existing: [[0, 10]],
    desired: [
      [0, 10],
      [100, 120],
    ],
    kept: ['30'],
    created: [100],
  },
  {
    name: 'a slice that lost all is not filled again',
    existing: [
      [0, 1],
      [100, 50],
    ],
    desired: [
      [100, 50],
      [200, 1],
    ],
    kept: ['51'],
    emptied: 1,
  },
  {
    name: 'all gone',
    existing: [
      [0, 100],
      [100, 1],
    ],
    desired: [],
    kept: [],
    emptied: 2,
  },
]

t.test('placeEndpoints() changes as few slices as it can', async t => {
  for (const { name, existing, desired, kept, emptied = 0, created = [] } of cases) {
    const before = existing.map(([from, count], i) => slice(`s${i}`, endpoints(from, count)))
    const wanted = desired.flatMap(([from, count]) => endpoints(from, count))
    const placed = placeEndpoints(before, wanted, undefined)
    const shown = placed.kept.map(
      each => `${before.includes(each) ? '=' : ''}${each.endpoints.length}`,
    )
    t.strictSame(shown, kept, name)
    t.equal(placed.emptied.length, emptied, name)
    t.strictSame(
      placed.created.map(each => each.length),
      created,
      name,
    )
    const names = [...placed.kept.map(each => each.endpoints), ...placed.created].flat()
    t.strictSame(names.map(each => each.podName).sort(), wanted.map(each => each.podName).sort())
    const old = new Set(before.flatMap(each => each.endpoints))
    const oldPods = new Set([...old].map(each => each.podName))
    t.ok(
      names.every(each => old.has(each) || !oldPods.has(each.podName)),
      'endpoints are reused',
    )
  }
})

t.test('placeEndpoints() replaces an endpoint where it stands', async t => {
  const [a, b, c] = endpoints(0, 3)
  const before = slice('s', [a!, b!, c!])
  const changed = endpoint('pod-1', false)
  const { kept } = placeEndpoints([before], [c!, changed, a!], undefined)
  t.equal(kept.length, 1)
  t.equal(kept[0]!.endpoints[0], a)
  t.equal(kept[0]!.endpoints[1], changed)
  t.equal(kept[0]!.endpoints[2], c)
})

t.test('placeEndpoints() keeps one of two equal endpoints', async t => {
  const { kept } = placeEndpoints(
    [slice('s', endpoints(0, 1)), slice('s2', endpoints(0, 2))],
    endpoints(0, 2),
    undefined,
  )
  t.strictSame(
    kept.map(each => each.endpoints.length),
    [1, 1],
  )
})

t.test('placeEndpoints() tells two addresses of a pod apart', async t => {
  const a = endpoint('pod')
  const b = { ...a, address: 'second' }
  const before = [slice('s', [a, b])]
  const again = placeEndpoints(before, [{ ...a }, { ...b }], undefined)
  t.equal(again.kept[0], before[0])
  const without = placeEndpoints(before, [{ ...b }], undefined)
  t.strictSame(without.kept[0]!.endpoints, [b])
})

t.test('placeEndpoints() leaves pods alone that did not change', async t => {
  const before = [slice('s1', endpoints(0, 100)), slice('s2', endpoints(100, 3))]
  const now = endpoint('pod-5', false)
  const placed = placeEndpoints(before, [now], new Set(['pod-5', 'pod-101']))
  t.strictSame(
    placed.kept.map(each => each.endpoints.length),
    [100, 2],
  )
  t.equal(placed.kept[0]!.endpoints[5], now)
  t.strictSame(
    placed.kept[1]!.endpoints.map(each => each.podName),
    ['pod-100', 'pod-102'],
  )
  const none = placeEndpoints(before, [], new Set(['pod-500']))
  t.equal(none.kept[0], before[0])
  t.equal(none.kept[1], before[1])
})
