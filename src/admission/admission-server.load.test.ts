import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { AskedAdmission, reviewOf } from '../../test/support/admission-client.ts'
import { until } from '../../test/support/until.ts'
import { defaultLimits } from './admission-limits.ts'
import { type AdmissionDecision, type Reviewer } from './review.ts'

const nothing: AdmissionDecision = {
  allowed: true,
  patch: [],
  warnings: [],
  audit: {},
  outcome: 'none',
}
const json = { 'content-type': 'application/json' }
const mebibyte = 2 ** 20

function pods(reviewer: Reviewer): { readonly reviewers: ReadonlyMap<string, Reviewer> } {
  return { reviewers: new Map([['/pods', reviewer]]) }
}

/** A reviewer whose answers are held back. */
function heldReviewer(): { readonly reviewer: Reviewer; readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<AdmissionDecision>()
  return { reviewer: () => promise, release: () => resolve(nothing) }
}

/** What is in use once all else is gone. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

function bodyOf(bytes: number): string {
  return JSON.stringify(reviewOf({ object: { data: 'x'.repeat(bytes) } }))
}

t.test('a review of 9 MiB is answered, one of 17 MiB refused', async t => {
  const asked = await AskedAdmission.open(
    t,
    pods(() => nothing),
  )
  t.equal((await asked.ask({ headers: json, body: bodyOf(9 * mebibyte) })).status, 200)
  const large = bodyOf(17 * mebibyte)
  t.equal((await asked.ask({ headers: json, body: large })).status, 413)
  const chunked = { ...json, 'transfer-encoding': 'chunked' }
  t.equal((await asked.ask({ headers: chunked, body: large, length: 'untold' })).status, 413)
  t.equal((await asked.review(reviewOf())).status, 200)
})

t.test('more than can be under way is asked to come again', async t => {
  const { reviewer, release } = heldReviewer()
  const asked = await AskedAdmission.open(t, { ...pods(reviewer), limits: { requests: 2 } })
  const held = [asked.review(reviewOf()), asked.review(reviewOf())]
  await until(
    'two are under way',
    () => asked.metric('signpost_admission_in_flight_requests') === 2,
  )
  const refused = await asked.review(reviewOf())
  t.equal(refused.status, 429)
  t.equal(refused.headers['retry-after'], '1')
  release()
  for (const { status } of await Promise.all(held)) t.equal(status, 200)
  t.equal((await asked.review(reviewOf())).status, 200)
  await until(
    'none is under way',
    () => asked.metric('signpost_admission_in_flight_requests') === 0,
  )
})

t.test('bodies take so much memory and no more', async t => {
  const { reviewer, release } = heldReviewer()
  const limits = { bodiesBytes: 3 * mebibyte, bodyBytes: 2 * mebibyte }
  const asked = await AskedAdmission.open(t, { ...pods(reviewer), limits })
  const held = asked.ask({ body: bodyOf(1.5 * mebibyte) })
  await until('one is under way', () => asked.metric('signpost_admission_in_flight_requests') === 1)
  t.equal((await asked.ask({ body: bodyOf(1.8 * mebibyte) })).status, 429)
  release()
  t.equal((await held).status, 200)
  t.equal((await asked.ask({ body: bodyOf(1.8 * mebibyte) })).status, 200)
})

t.test('before the cluster has been read reviews are put off', async t => {
  let isReady = false
  const asked = await AskedAdmission.open(t, { ...pods(() => nothing), isReady: () => isReady })
  const early = await asked.review(reviewOf())
  t.equal(early.status, 503)
  t.equal(early.headers['retry-after'], '1')
  isReady = true
  t.equal((await asked.review(reviewOf())).status, 200)
})

t.test('who takes too long is not waited for', async t => {
  const asked = await AskedAdmission.open(
    t,
    pods(() => new Promise(() => {})),
  )
  const startedAt = performance.now()
  const { status, headers } = await asked.review(reviewOf(), { path: '/pods?timeout=2s' })
  t.equal(status, 503)
  t.equal(headers['retry-after'], '1')
  const tookMs = performance.now() - startedAt
  t.ok(tookMs > 1500 && tookMs < 2000, `${tookMs} ms`)
})

t.test('a reviewer that is told that time runs out may answer with what it has', async t => {
  const partly: Reviewer = async (_request, signal) => {
    await once(signal, 'abort')
    return { ...nothing, outcome: 'partly' }
  }
  const asked = await AskedAdmission.open(t, pods(partly))
  const { status } = await asked.review(reviewOf(), { path: '/pods?timeout=2s' })
  t.equal(status, 200)
  const labels = { webhook: 'pods', outcome: 'partly' }
  await until(
    'it is counted',
    () => asked.metric('signpost_admission_decisions_total', labels) === 1,
  )
})

t.test('a reviewer is told that nobody waits any more', async t => {
  const told = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  const waiting: Reviewer = async (_request, signal) => {
    started.resolve()
    await once(signal, 'abort')
    told.resolve()
    return nothing
  }
  const asked = await AskedAdmission.open(t, pods(waiting))
  const socket = await asked.connect()
  const body = JSON.stringify(reviewOf())
  socket.write(
    `POST /pods HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  await started.promise
  socket.destroy()
  await told.promise
  const labels = { webhook: 'pods', operation: 'CREATE', code: 'gone' }
  await until(
    'it is counted',
    () => asked.metric('signpost_admission_requests_total', labels) === 1,
  )
})

t.test('the same review has the same answer again', async t => {
  const decision: AdmissionDecision = {
    ...nothing,
    patch: [{ op: 'add', path: '/spec/containers/0/env', value: [] }],
  }
  const asked = await AskedAdmission.open(
    t,
    pods(() => decision),
  )
  const [first, second] = [await asked.review(reviewOf()), await asked.review(reviewOf())]
  t.equal(first.text, second.text)
  t.equal(first.headers['content-type'], 'application/json')
})

t.test('10,000 reviews leave nothing behind', async t => {
  const asked = await AskedAdmission.open(
    t,
    pods(() => nothing),
  )
  const body = bodyOf(2000)
  const reviewMany = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 10) {
      await Promise.all(Array.from({ length: 10 }, () => asked.ask({ headers: json, body })))
    }
  }
  await reviewMany(2000)
  const before = heapBytes()
  await reviewMany(10_000)
  const grownBytes = heapBytes() - before
  t.ok(grownBytes < 2 * mebibyte, `${grownBytes} bytes more`)
})

t.ok(defaultLimits.requestMs * (1 + 1 / 18) <= 10_000, 'what stops arriving is gone within 10 s')
