import { mock } from 'node:test'
import t from 'tap'
import { UpstreamHealth } from './upstream-health.ts'

t.test('UpstreamHealth probes with growing pauses until there is an answer', async t => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  let probes = 0
  let isAlive = false
  let failures = 0
  let recoveries = 0
  const health = new UpstreamHealth({
    maxFails: 2,
    intervalMs: 500,
    probe: async () => {
      probes++
      return isAlive
    },
    onProbeFailure: () => failures++,
    onRecovery: () => recoveries++,
  })
  t.equal(health.isDown, false)
  health.failed()
  t.equal(probes, 1, 'at once')
  t.equal(health.isDown, false, 'one failure is none')
  await settle()
  t.equal(health.isDown, true)
  for (const pauseMs of [500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
    const before = probes
    mock.timers.tick(pauseMs - 1)
    t.equal(probes, before, `not before ${pauseMs} ms`)
    mock.timers.tick(1)
    t.equal(probes, before + 1, `after ${pauseMs} ms`)
    await settle()
  }
  t.equal(failures, 8)
  isAlive = true
  mock.timers.tick(10_000)
  await settle()
  t.equal(health.isDown, false)
  t.equal(recoveries, 1)
  const before = probes
  mock.timers.tick(60_000)
  t.equal(probes, before, 'no probes while all is well')
  health.close()
})

t.test('UpstreamHealth with max_fails 0 is never down and probes nobody', async t => {
  let probes = 0
  const health = new UpstreamHealth({
    maxFails: 0,
    intervalMs: 500,
    probe: async () => {
      probes++
      return true
    },
    onProbeFailure: () => {},
    onRecovery: () => {},
  })
  for (let i = 0; i < 5; i++) health.failed()
  t.equal(health.isDown, false)
  t.equal(probes, 0)
})

t.test('UpstreamHealth: failures in a row count, and an answer ends the row', async t => {
  const health = new UpstreamHealth({
    maxFails: 2,
    intervalMs: 500,
    probe: () => new Promise(() => {}),
    onProbeFailure: () => {},
    onRecovery: () => {},
  })
  health.failed()
  health.succeeded()
  health.failed()
  t.equal(health.isDown, false)
  health.failed()
  t.equal(health.isDown, true)
  health.succeeded()
  t.equal(health.isDown, false)
  health.close()
})

/** Lets promises settle. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve()
}
