/** How a reflector paces itself, verifies, reports and ends. */
import t from 'tap'
import type { FakeApiCall } from '../../test/support/fake-api-call.ts'
import { FakeApiServer } from '../../test/support/fake-api-server.ts'
import { ReflectedCollection, servicesPath } from '../../test/support/reflected-collection.ts'
import {
  callText,
  checkReflectorCases,
  putService,
  serve,
  versionOf,
} from '../../test/support/reflector-cases.ts'
import { until } from '../../test/support/until.ts'

/** The shortest waits there may be, and their sum after `count` failures in a row. */
const shortest = { random: () => 0, timing: { firstDelayMs: 8, maxDelayMs: 64 } }
const shortestSum = (count: number): number =>
  Array.from({ length: count }, (_, i) => Math.min(64, 8 * 2 ** i) / 2).reduce((a, b) => a + b, 0)

t.test('failures in a row are ever further apart', async t => {
  const failures: readonly (readonly [name: string, answer: (call: FakeApiCall) => void])[] = [
    [
      'watches that end at once',
      call => (call.kind === 'watch' ? call.head().end() : call.serve()),
    ],
    [
      'initial events and no end of them',
      call => call.head().frame('ADDED', versionOf('a', 2)).cutOff(),
    ],
    ['gone, again and again', call => call.refuse(410)],
    // A list that is complete is no progress where the watch after it fails each time.
    ['gone as soon as listed', call => call.head().endOfInitialEvents(4).error(410).end()],
    ['connections that are reset', call => call.reset()],
  ]
  for (const [name, answer] of failures) {
    await using server = await FakeApiServer.open()
    server.behave = answer
    const startedAt = performance.now()
    await using seen = new ReflectedCollection(server, shortest)
    // The first watch is cut off to get to the second.
    await until(name, () => {
      server.endWatches()
      return server.calls.length >= 8
    })
    const tookMs = performance.now() - startedAt
    t.ok(tookMs >= shortestSum(6), `${name}: ${tookMs} ms`)
    await seen.stop()
  }
})

t.test('a server that asks for time gets it, within reason', async t => {
  const cases: readonly (readonly [header: string, leastMs: number])[] = [
    ['1', 300],
    ['Sat, 21 Nov 2026 00:00:30 GMT', 300],
    ['Sat, 21 Nov 2026 00:00:00 GMT', 0],
  ]
  for (const [header, leastMs] of cases) {
    await using server = await FakeApiServer.open()
    const at: number[] = []
    server.behave = call => {
      at.push(performance.now())
      if (call.number > 0) call.serve()
      else call.refuse(429, {}, { 'retry-after': header })
    }
    await using seen = new ReflectedCollection(server, {
      timing: { maxRetryAfterMs: 300 },
      clock: () => Date.UTC(2026, 10, 21),
    })
    await seen.equal()
    const waitedMs = at[1]! - at[0]!
    t.ok(waitedMs >= leastMs - 2 && waitedMs < leastMs + 250, `${header}: ${waitedMs} ms`)
  }
})

let now = 0
const hour = 3_600_000
checkReflectorCases(t, [
  {
    name: 'all is listed to verify after 12 hours, and nothing is found',
    timing: { longWatchMs: 0 },
    clock: () => now,
    random: () => 0.5,
    act: async (server, seen) => {
      now += 11 * hour
      putService(server, 'd')
      await seen.equal()
      server.endWatches()
      await until('it watches again', () => server.calls.length === 2)
      now += hour
      server.endWatches()
      await until('it has listed', () => server.calls.length === 3)
    },
    calls: ['init', 'watch 5', 'init'],
    counters: { verify: 1 },
  },
  {
    name: 'a verification finds what no event has told',
    timing: { longWatchMs: 0 },
    clock: () => now,
    random: () => 0.5,
    answers: [
      serve,
      call => {
        now += 12 * hour
        call.head().bookmark(9).end()
      },
    ],
    act: server => {
      server.hangUp()
      putService(server, 'd')
      putService(server, 'a')
      server.delete(servicesPath, { metadata: { name: 'b', namespace: 'x' } })
      server.log.version = 9
      // Newer than what has been seen: no event could have told it yet.
      putService(server, 'e')
    },
    calls: ['init', 'watch 4', 'init'],
    counters: { verify: 1, drift: 3, swept: 1 },
  },
])

t.test('what comes together is settled together, and what is put off is done', async t => {
  await using server = await FakeApiServer.open()
  const answers = [
    (call: FakeApiCall) => call.head().frame('ADDED', versionOf('a', 2)).cutOff(),
    (call: FakeApiCall) => call.serve(),
  ]
  server.behave = call => (answers[call.number] ?? serve)(call, server)
  putService(server, 'a')
  putService(server, 'b')
  await using seen = new ReflectedCollection(server)
  await seen.equal()
  server.hangUp()
  for (const name of ['c', 'd', 'e']) putService(server, name)
  await seen.equal()
  await seen.stop()
  t.same(
    seen.said.filter(word => word !== 'settled syncing'),
    [
      'settled watching',
      'trouble network',
      'settled watching',
      'healed',
      'synced',
      'settled watching',
    ],
  )
  t.equal(seen.said[0], 'settled syncing')
})

t.test('an owner that throws when it is told counts as an error of one object', async t => {
  await using server = await FakeApiServer.open()
  const onSettled = (): void => {
    throw new Error('full')
  }
  putService(server, 'a')
  await using seen = new ReflectedCollection(server, { onSettled })
  await seen.equal()
  t.equal(seen.reflector.counters.applyErrors, 1)
  t.ok(seen.said.includes('failed to settle'))
})

t.test('it ends wherever it is', async t => {
  const moments: readonly (readonly [name: string, answer: (call: FakeApiCall) => void])[] = [
    ['waiting for headers', () => {}],
    ['within a list', call => call.head().frame('ADDED', versionOf('a', 2))],
    ['within a frame', call => call.head().text('{"type":')],
    ['between two tries', call => call.refuse(429, {}, { 'retry-after': '60' })],
    ['within a watch', serve as (call: FakeApiCall) => void],
  ]
  for (const [name, answer] of moments) {
    await using server = await FakeApiServer.open()
    server.behave = answer
    await using seen = new ReflectedCollection(server, { timing: { maxRetryAfterMs: 60_000 } })
    await until('it has asked', () => server.calls.length === 1)
    await until(
      'something has come',
      () => seen.reflector.counters.lastByteAt !== undefined || name === 'waiting for headers',
    )
    await seen.stop()
    await until(`no connection is left: ${name}`, () => server.openSockets === 0)
    t.same(server.calls.map(callText), ['init'], name)
    t.same(
      seen.said.filter(word => word === 'trouble network'),
      [],
      `${name}: no trouble`,
    )
  }
})

t.test('it does not begin where it has been ended before', async t => {
  await using server = await FakeApiServer.open()
  const seen = new ReflectedCollection(server)
  await seen.stop()
  t.equal(seen.reflector.hasSynced, false)
  await until('no connection is left', () => server.openSockets === 0)
})
