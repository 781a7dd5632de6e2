import fc from 'fast-check'
import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { type Pod, reducePod } from '../objects/pod.ts'
import type { RawObject } from '../objects/raw-value.ts'
import { reduceWorkload, type Workload } from '../objects/workload.ts'
import type { PodSourceChange } from './endpoints-change.ts'
import { PodTable } from './pod-table.ts'

const ready = [{ type: 'Ready', status: 'True' }]

function given(name: string, status?: RawObject): PodSourceChange {
  const metadata = { namespace: 'default', name, labels: { app: 'web' } }
  return { type: 'upsert', object: reducePod({ metadata, status }) }
}

function at(name: string, ...ips: string[]): PodSourceChange {
  const podIPs = ips.map(ip => ({ ip }))
  return given(name, { phase: 'Running', podIPs, conditions: ready })
}

function workload(
  kind: Workload['kind'],
  replicas: number,
  labels = { app: 'web' },
): PodSourceChange {
  const spec = { replicas, template: { metadata: { labels } } }
  return {
    type: 'upsert',
    object: reduceWorkload({ kind, metadata: { namespace: 'default', name: 'web' }, spec }),
  }
}

function gone(kind: 'Pod' | Workload['kind'], name: string): PodSourceChange {
  return { type: 'delete', kind, namespace: 'default', name }
}

function table(...cidrs: string[]): PodTable {
  return new PodTable((cidrs.length > 0 ? cidrs : ['10.244.0.0/16']).map(cidr => parseCidr(cidr)!))
}

function show(pods: Iterable<Pod>): string[] {
  return Array.from(pods, pod =>
    `${pod.name} ${pod.phase}${pod.ready ? ' ready' : ''} ${pod.podIPs.join()}`.trim(),
  ).sort()
}

t.test('PodTable starts pods as a kubelet would', async t => {
  for (const [name, changes, expected] of [
    ['pod without status', [given('a')], ['a Running ready IP']],
    ['pod with an empty status', [given('a', {})], ['a Running ready IP']],
    ['pod with a status is taken as it is', [at('a', '192.0.2.1')], ['a Running ready 192.0.2.1']],
    ['and so is one without an address', [given('a', { phase: 'Failed' })], ['a Failed']],
    [
      'StatefulSet',
      [workload('StatefulSet', 2)],
      ['web-0 Running ready IP', 'web-1 Running ready IP'],
    ],
    [
      'scaled down',
      [workload('StatefulSet', 2), workload('StatefulSet', 1)],
      ['web-0 Running ready IP'],
    ],
    ['deleted', [workload('StatefulSet', 2), gone('StatefulSet', 'web')], []],
    ['pod deleted', [given('a'), gone('Pod', 'a')], []],
    ['unknown deleted', [gone('Pod', 'a'), gone('StatefulSet', 'web')], []],
    [
      'given hides started',
      [workload('StatefulSet', 1), at('web-0', '192.0.2.1')],
      ['web-0 Running ready 192.0.2.1'],
    ],
    [
      'started comes back',
      [workload('StatefulSet', 1), at('web-0', '192.0.2.1'), gone('Pod', 'web-0')],
      ['web-0 Running ready IP'],
    ],
    [
      'given stays',
      [given('web-0'), workload('StatefulSet', 1), gone('StatefulSet', 'web')],
      ['web-0 Running ready IP'],
    ],
  ] as const) {
    const apart = table()
    for (const change of changes) apart.apply([change])
    const seen = show(apart.podsIn('default')).map(line => line.replace(/10\.244\.\d+\.\d+/, 'IP'))
    t.strictSame(seen, expected, name)
  }
})

t.test('PodTable.apply() says what changed', async t => {
  const pods = table()
  const first = pods.apply([workload('StatefulSet', 2)])
  t.strictSame(
    first.steps.map(step => [step.name, step.before, step.after?.phase]),
    [
      ['web-0', undefined, 'Running'],
      ['web-1', undefined, 'Running'],
    ],
  )
  t.strictSame(pods.apply([workload('StatefulSet', 2)]).steps, [], 'the same again')
  const scaled = pods.apply([workload('StatefulSet', 3)]).steps
  t.strictSame(
    scaled.map(step => step.name),
    ['web-2'],
  )
  t.equal(scaled[0]!.after!.ports, first.steps[0]!.after!.ports, 'one template for all')
  const changed = pods.apply([workload('StatefulSet', 3, { app: 'db' })]).steps
  t.strictSame(changed.map(step => step.name).sort(), ['web-0', 'web-1', 'web-2'])
  for (const { before, after } of changed) t.strictSame(after!.podIPs, before!.podIPs)
  const removed = pods.apply([gone('StatefulSet', 'web')]).steps
  t.strictSame(
    removed.map(step => step.after),
    [undefined, undefined, undefined],
  )
  t.strictSame([...pods.podsIn('default')], [])
})

t.test('PodTable.apply() takes deletions along in one batch', async t => {
  const pods = table()
  pods.apply([at('a', '192.0.2.1')])
  const { steps } = pods.apply([gone('Pod', 'a'), at('b', '192.0.2.1')])
  t.strictSame(
    steps.map(({ name, after }) => [name, after?.podIPs]),
    [
      ['a', undefined],
      ['b', ['192.0.2.1']],
    ],
  )
})

t.test('PodTable.apply() touches no pod that others have seen', async t => {
  const pods = table()
  const [step] = pods.apply([workload('StatefulSet', 1)]).steps
  const seen = { ...step!.after! }
  pods.apply([at('web-0', '192.0.2.1')])
  pods.apply([at('b', ...seen.podIPs)])
  pods.apply([gone('Pod', 'web-0')])
  t.strictSame(step!.after, seen)
})

t.test('PodTable keeps addresses of given pods free for them', async t => {
  const [chosen] = table().apply([workload('StatefulSet', 1)]).steps[0]!.after!.podIPs
  const together = table()
  together.apply([workload('StatefulSet', 1), at('a', chosen!)])
  const later = table()
  later.apply([workload('StatefulSet', 1)])
  const { steps } = later.apply([at('a', chosen!)])
  t.strictSame(steps.map(step => step.name).sort(), ['a', 'web-0'], 'the started pod moves')
  t.strictSame(show(later.podsIn('default')), show(together.podsIn('default')))
  t.notMatch(show(later.podsIn('default'))[1], new RegExp(`${chosen}$`))
})

t.test('PodTable gives a dual-stack pod that loses one address two new ones', async t => {
  const pods = table('10.244.0.0/16', 'fd00::/64')
  const { podIPs } = pods.apply([workload('StatefulSet', 1)]).steps[0]!.after!
  const { steps } = pods.apply([at('a', podIPs[1]!)])
  const moved = steps.find(step => step.name === 'web-0')!.after!
  t.equal(moved.podIPs.length, 2)
  t.not(moved.podIPs[1], podIPs[1])
})

t.test(
  'PodTable says when a range is full, and starts waiting pods when it no longer is',
  async t => {
    const pods = table('10.0.0.0/29')
    const full = pods.apply([workload('StatefulSet', 8)])
    t.strictSame(full.problems, [
      {
        code: 'pod-range-full',
        cidr: parseCidr('10.0.0.0/29'),
        pods: 2,
        firstPod: 'default/web-6',
        message:
          'Cannot give "default/web-6" and 1 more pods an address in "10.0.0.0/29": range is full',
      },
    ])
    t.strictSame(show(pods.podsIn('default')).slice(-2), ['web-6 Pending', 'web-7 Pending'])
    const other = pods.apply([at('a', '192.0.2.1')])
    t.strictSame([other.problems, other.steps.length], [[], 1], 'said once')
    const single = pods.apply([given('b')]).problems[0]!
    t.equal(single.message, 'Cannot give "default/b" an address in "10.0.0.0/29": range is full')
    pods.apply([gone('Pod', 'b')])
    t.strictSame(
      pods.apply([workload('StatefulSet', 7)]).steps.map(step => step.name),
      ['web-7'],
    )
    // An address becomes free when a started pod is replaced by one that has its own.
    const { steps } = pods.apply([at('web-0', '192.0.2.2')])
    t.strictSame(
      steps.map(step => `${step.name} ${step.after!.phase}`),
      ['web-0 Running', 'web-6 Running'],
    )
  },
)

t.test('PodTable reports problems of workloads', async t => {
  const metadata = { namespace: 'default', name: 'a.b' }
  const object = reduceWorkload({ kind: 'StatefulSet', metadata })
  const { steps, problems } = table().apply([{ type: 'upsert', object }])
  t.strictSame(
    problems.map(problem => problem.code),
    ['bad-host-name'],
  )
  t.strictSame(steps, [])
})

t.test('PodTable knows no pods in a namespace that nobody named', async t => {
  t.strictSame([...table().podsIn('none')], [])
})

const change = fc.oneof(
  fc.nat(5).map(n => given(`web-${n}`)),
  fc.tuple(fc.nat(5), fc.nat(15)).map(([n, ip]) => at(`web-${n}`, `10.0.0.${ip}`)),
  fc.nat(5).map(n => gone('Pod', `web-${n}`)),
  fc.nat(6).map(n => workload('StatefulSet', n)),
  fc.constant(gone('StatefulSet', 'web')),
)

t.test(
  'PodTable never gives one address to two pods, and its steps add up to its state',
  async t => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }), batches => {
        const pods = table('10.0.0.0/29')
        const followed = new Map<string, Pod>()
        for (const batch of batches) {
          for (const { name, before, after } of pods.apply(batch).steps) {
            if (followed.get(name) !== before) return false
            if (after) followed.set(name, after)
            else followed.delete(name)
          }
          const all = [...pods.podsIn('default')]
          if (all.length !== followed.size || all.some(pod => followed.get(pod.name) !== pod))
            return false
          const own = all.filter(pod => !pod.hasStatus).flatMap(pod => pod.podIPs)
          const others = all.filter(pod => pod.hasStatus).flatMap(pod => pod.podIPs)
          if (new Set(own).size !== own.length || own.some(ip => others.includes(ip))) return false
          // Nobody waits while there is room: 6 addresses, less those that given pods reserve.
          const reserved = new Set(others.filter(ip => /\.[1-6]$/.test(ip)))
          const waiting = all.filter(pod => pod.phase === 'Pending').length
          if (waiting > 0 && own.length + reserved.size < 6) return false
        }
        return true
      }),
      { numRuns: 500 },
    )
    t.pass()
  },
)

t.test('PodTable gives the same addresses whatever the order of the changes', async t => {
  const objects = [
    ...Array.from({ length: 6 }, (_, n) => given(`p${n}`)),
    at('q', '10.0.0.3'),
    workload('StatefulSet', 3),
    workload('Deployment', 3),
  ]
  const expected = table('10.0.0.0/27')
  expected.apply(objects)
  fc.assert(
    fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), shuffled => {
      const pods = table('10.0.0.0/27')
      pods.apply(shuffled)
      return show(pods.podsIn('default')).join() === show(expected.podsIn('default')).join()
    }),
  )
  t.pass()
})
