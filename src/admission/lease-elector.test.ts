import t from 'tap'
import type { ApiAnswer, ApiBody, ApiClient } from '../client/api-client.ts'
import type { ApiObject } from '../reflector/reflector-sink.ts'
import { LeaseElector } from './lease-elector.ts'

const signal = new AbortController().signal
const timing = { leaseMs: 30_000, renewWithinMs: 20_000 }
const names = { namespace: 'signpost', name: 'lease' }

/** One Lease, and an API server that can be away. */
class FakeLeases {
  lease: ApiObject | undefined
  isAway = false
  writes = 0
  /** What happens between a read and the write that follows it. */
  meanwhile: (() => void) | undefined
  #version = 0

  get client(): ApiClient {
    const api = {
      get: async () => this.#answer(this.lease),
      create: async (_: unknown, body: ApiBody) => {
        if (this.lease) return this.#conflict()
        return this.#answer(this.put(body))
      },
      replace: async (_: unknown, body: ApiBody) => {
        this.meanwhile?.()
        this.meanwhile = undefined
        const { resourceVersion } = body.metadata
        if (resourceVersion !== this.lease?.metadata.resourceVersion) return this.#conflict()
        return this.#answer(this.put(body))
      },
    }
    return api as unknown as ApiClient
  }

  put(body: object): ApiObject {
    this.writes++
    const { metadata } = body as { metadata: object }
    const version = { name: names.name, resourceVersion: String(++this.#version) }
    this.lease = { ...body, metadata: { ...metadata, ...version } }
    return this.lease
  }

  holder(): unknown {
    return (this.lease?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity
  }

  #conflict(): ApiAnswer {
    if (this.isAway) throw new Error('away')
    return { outcome: 'conflict' }
  }

  #answer(object: ApiObject | undefined): ApiAnswer {
    if (this.isAway) throw new Error('away')
    return object ? { outcome: 'done', object } : { outcome: 'missing' }
  }
}

function setUp(skewMs = 0) {
  const leases = new FakeLeases()
  const time = { ms: 1_000_000 }
  const elector = (identity: string, skew = 0): LeaseElector =>
    new LeaseElector({
      ...names,
      client: leases.client,
      identity,
      timing,
      clock: () => time.ms + skew,
      monotonic: () => time.ms,
    })
  // Times of another machine, an hour or a day off, decide nothing.
  return { leases, time, a: elector('a'), b: elector('b', skewMs) }
}

for (const skewMs of [0, 86_400_000, -86_400_000]) {
  t.test(
    `LeaseElector: one leads, another follows when it is silent (${skewMs} ms off)`,
    async t => {
      const { leases, time, a, b } = setUp(skewMs)
      await a.step(signal)
      await b.step(signal)
      t.strictSame([a.isLeader, b.isLeader, leases.holder()], [true, false, 'a'])
      for (let round = 0; round < 5; round++) {
        time.ms += 10_000
        await a.step(signal)
        await b.step(signal)
      }
      t.strictSame([a.isLeader, b.isLeader], [true, false], 'as long as it renews')
      time.ms += 19_999
      t.ok(a.isLeader)
      time.ms += 1
      t.notOk(a.isLeader, 'it knows itself that it is none any more')
      await b.step(signal)
      t.notOk(b.isLeader, 'before another one is')
      time.ms += 10_001
      await b.step(signal)
      t.strictSame([a.isLeader, b.isLeader, leases.holder()], [false, true, 'b'])
      t.match(leases.lease!['spec'], { leaseTransitions: 1, leaseDurationSeconds: 30 })
      await a.step(signal)
      t.notOk(a.isLeader, 'and it does not take it back')
    },
  )
}

t.test('LeaseElector: of two that want it at once one gets it', async t => {
  const { leases, a, b } = setUp()
  await Promise.all([a.step(signal), b.step(signal)])
  t.equal([a, b].filter(one => one.isLeader).length, 1)
  t.ok(['a', 'b'].includes(String(leases.holder())))
})

t.test('LeaseElector: the next one begins at once when a leader leaves', async t => {
  const { leases, a, b } = setUp()
  await a.step(signal)
  await b.step(signal)
  await a.release(signal)
  t.strictSame([a.isLeader, leases.holder()], [false, ''])
  await b.step(signal)
  t.ok(b.isLeader)
  const { writes } = leases
  await a.release(signal)
  t.equal(leases.writes, writes, 'who leads no more releases nothing')
})

t.test('LeaseElector: what others write to the Lease stays, and takes nothing away', async t => {
  const { leases, time, a } = setUp()
  await a.step(signal)
  time.ms += 10_000
  const { lease } = leases
  leases.meanwhile = () =>
    void leases.put({ ...lease, metadata: { ...lease!.metadata, annotations: { x: 'y' } } })
  await a.step(signal)
  time.ms += 15_000
  t.ok(a.isLeader, 'it was renewed in the same step')
  t.strictSame(a.annotations, { x: 'y' })
})

t.test('LeaseElector: an API server that is away makes no leader', async t => {
  const { leases, time, a, b } = setUp()
  await a.step(signal)
  await b.step(signal)
  leases.isAway = true
  time.ms += 60_000
  await t.rejects(b.step(signal))
  t.strictSame([a.isLeader, b.isLeader], [false, false])
})
