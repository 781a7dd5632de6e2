import { once } from 'node:events'
import { Agent } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import {
  AskedAdmission,
  authority,
  issueServing,
  reviewOf,
} from '../../test/support/admission-client.ts'
import { CertificateAuthority } from '../../test/support/certificate-authority.ts'
import { createAdmissionApp } from './admission-app.ts'
import { defaultLimits } from './admission-limits.ts'
import type { AdmissionDecision, Reviewer } from './review.ts'

const nothing: AdmissionDecision = {
  allowed: true,
  patch: [],
  warnings: [],
  audit: {},
  outcome: 'none',
}
const reviewers = new Map<string, Reviewer>([['/pods', () => nothing]])
const body = JSON.stringify(reviewOf())
const head = `POST /pods HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`

/** Resolves with all that came when the server has ended the connection. */
async function ended(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  socket.on('error', () => {})
  await new Promise(resolve => socket.once('close', resolve))
  return Buffer.concat(chunks).toString()
}

t.test('API servers close connections first, after 90 s', async t => {
  const app = createAdmissionApp(issueServing(), defaultLimits)
  t.teardown(async () => await app.close())
  const { server } = app
  for (const timing of ['keepAliveTimeout', 'headersTimeout', 'requestTimeout', 'timeout'] as const)
    t.ok(server[timing] >= 120_000, `${timing} is ${server[timing]}`)
  t.equal(server.maxRequestsPerSocket, 1000)
})

t.test('a request that stops arriving is ended, an idle connection is not', async t => {
  const limits = { requestMs: 300 }
  const asked = await AskedAdmission.open(t, { reviewers, limits })
  const unused = await asked.connect()
  const used = await asked.connect()
  used.write(head + body)
  t.match(String((await once(used, 'data'))[0]), 'HTTP/1.1 200 OK')
  const slow: readonly [what: string, begin: (socket: TLSSocket) => void][] = [
    ['half a line', socket => socket.write('POST /po')],
    ['half the headers', socket => socket.write(head.slice(0, 40))],
    ['no body', socket => socket.write(head)],
    ['half a body', socket => socket.write(head + body.slice(0, 20))],
    ['a second request', socket => socket.write(head + body + head)],
    ['a byte now and then', socket => trickle(t, socket)],
    ['a byte of the headers now and then', socket => trickle(t, socket, head.slice(0, 40))],
  ]
  for (const [what, begin] of slow) {
    const socket = await asked.connect()
    const startedAt = performance.now()
    begin(socket)
    await ended(socket)
    const tookMs = performance.now() - startedAt
    t.ok(tookMs > 200 && tookMs < 3000, `${what}: ${tookMs} ms`)
  }
  for (const socket of [unused, used]) {
    socket.write(head + body)
    t.match(String((await once(socket, 'data'))[0]), 'HTTP/1.1 200 OK')
    socket.destroy()
  }
})

/** Sends the beginning, then a byte every few milliseconds. */
function trickle(t: Test, socket: TLSSocket, beginning = head): void {
  socket.write(beginning)
  const timer = setInterval(() => socket.write('x'), 20)
  t.teardown(() => clearInterval(timer))
  socket.once('close', () => clearInterval(timer))
}

t.test("1,000 idle connections are in nobody's way", async t => {
  const asked = await AskedAdmission.open(t, { reviewers })
  const idle: TLSSocket[] = []
  while (idle.length < 1000)
    idle.push(...(await Promise.all(Array.from({ length: 50 }, () => asked.connect()))))
  const startedAt = performance.now()
  const { status } = await asked.review(reviewOf(), { agent: new Agent({ ca: authority.cert }) })
  t.equal(status, 200)
  t.ok(performance.now() - startedAt < 1000)
  t.notOk(idle.some(({ destroyed }) => destroyed))
  for (const socket of idle) socket.destroy()
})

t.test('another certificate is that of connections to come', async t => {
  const asked = await AskedAdmission.open(t, { reviewers })
  const kept = new Agent({ ca: authority.cert, keepAlive: true, maxSockets: 1 })
  t.teardown(() => kept.destroy())
  const { connection } = await asked.review(reviewOf(), { agent: kept })
  const successor = new CertificateAuthority('successor')
  asked.server.setCertificate(successor.issue('webhook', ['127.0.0.1']))
  const after = await asked.review(reviewOf(), { agent: kept })
  t.equal(after.status, 200)
  t.equal(after.connection, connection, 'it is the same connection')
  const agent = new Agent({ ca: successor.cert })
  t.equal((await asked.review(reviewOf(), { agent })).status, 200)
  await t.rejects(asked.review(reviewOf(), { agent: new Agent({ ca: authority.cert }) }))
  const { key } = issueServing()
  t.throws(() => asked.server.setCertificate({ ...issueServing(), key }))
  t.equal((await asked.review(reviewOf(), { agent })).status, 200, 'the last good one stays')
})

t.test('TLS is 1.2 or newer', async t => {
  const asked = await AskedAdmission.open(t, { reviewers })
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  const to = { host: '127.0.0.1', port: asked.server.port, ca: authority.cert }
  const refused = connect({ ...to, ...old })
  await t.rejects(once(refused, 'secureConnect'))
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = connect({ ...to, minVersion: version, maxVersion: version })
    await once(socket, 'secureConnect')
    t.equal(socket.getProtocol(), version)
    socket.destroy()
  }
})

t.test('what is no TLS or no HTTP harms nobody', async t => {
  const asked = await AskedAdmission.open(t, { reviewers })
  const socket = await asked.connect()
  socket.write('\u0016\u0003\u0001 hello\r\n\r\n')
  t.match(await ended(socket), /^HTTP\/1.1 400/)
  t.equal((await asked.review(reviewOf())).status, 200)
})

t.test('a connection has so many requests', async t => {
  const limits = { requestsPerConnection: 3 }
  const asked = await AskedAdmission.open(t, { reviewers, limits })
  const headers: unknown[] = []
  for (let i = 0; i < 4; i++) headers.push((await asked.review(reviewOf())).headers.connection)
  t.same(headers, ['keep-alive', 'keep-alive', 'close', 'keep-alive'])
})

t.test('it ends in order', async t => {
  const { promise, resolve } = Promise.withResolvers<AdmissionDecision>()
  const started = Promise.withResolvers<void>()
  const held: Reviewer = () => {
    started.resolve()
    return promise
  }
  const asked = await AskedAdmission.open(t, {
    reviewers: new Map([
      ['/pods', held],
      ['/services', () => nothing],
    ]),
  })
  asked.server.leave()
  const leaving = await asked.review(reviewOf(), { path: '/services' })
  t.equal(leaving.status, 200, 'it answers')
  t.equal(leaving.headers.connection, 'close', 'and sends elsewhere')
  const underWay = asked.review(reviewOf())
  await started.promise
  const begun = await asked.connect()
  begun.write(head.slice(0, 40))
  const unused = await asked.connect()
  // The server has read what was written before.
  t.equal((await asked.review(reviewOf(), { path: '/services' })).status, 200)
  const unusedEnded = ended(unused)
  const closed = asked.server.close()
  begun.write(head.slice(40) + body)
  const late = await ended(begun)
  t.match(late, /^HTTP\/1.1 503/)
  t.match(late, /\r\nretry-after: 1\r\n/)
  t.match(late, /\r\nconnection: close\r\n/i)
  t.equal(await unusedEnded, '')
  resolve(nothing)
  t.equal((await underWay).status, 200, 'what was under way is answered')
  await closed
})

t.test('what does not end in time is ended', async t => {
  const started = Promise.withResolvers<void>()
  const never: Reviewer = () => {
    started.resolve()
    return new Promise(() => {})
  }
  const asked = await AskedAdmission.open(t, {
    reviewers: new Map([['/pods', never]]),
    limits: { closeMs: 50 },
  })
  const underWay = t.rejects(asked.review(reviewOf()))
  await started.promise
  await asked.server.close()
  await underWay
})
