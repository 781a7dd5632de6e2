import t from 'tap'
import { Readiness } from './readiness.ts'

t.test('a failure is not ready until the last thread has recovered', async t => {
  const readiness = new Readiness()
  readiness.set('kubernetes', true)
  const steps: readonly [step: () => unknown, returns: unknown, body: string][] = [
    [() => readiness.fail('a', { part: 'loop', thread: 0 }), true, 'loop'],
    [() => readiness.fail('b', { part: 'loop', thread: 1 }), false, 'loop'],
    [() => readiness.fail('c', { part: 'also', thread: 1 }), true, 'also,loop'],
    [() => readiness.recover('a'), false, 'also,loop'],
    [() => readiness.recover('a'), false, 'also,loop'],
    [() => readiness.recover('b'), true, 'also'],
    [() => readiness.forgetThread(0), undefined, 'also'],
    [() => readiness.forgetThread(1), undefined, 'OK'],
  ]
  for (const [index, [step, returns, body]] of steps.entries()) {
    t.equal(step(), returns, `step ${index}`)
    const status = body === 'OK' ? 200 : 503
    for (const monitor of ['until-ready', 'continuously'] as const)
      t.strictSame(readiness.answer(monitor), { status, body }, `step ${index} ${monitor}`)
  }
  readiness.fail('d', { part: 'loop', thread: 0 })
  t.equal(readiness.answer('until-ready').status, 200, 'who has been ready goes on')
  t.equal(readiness.answer('continuously').status, 503)
})
