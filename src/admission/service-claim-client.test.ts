import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { CertificateAuthority } from '../../test/support/certificate-authority.ts'
import { ReviewedCluster } from '../../test/support/service-reviews.ts'
import { claimClient, type ClaimClientOptions } from './service-claim-client.ts'
import { answerClaim, claimPath, sealHeader } from './service-claim-route.ts'
import { sealKeyOf } from './service-claim-seal.ts'

const serverName = 'signpost-webhook.signpost.svc'
const authority = new CertificateAuthority('webhook')
const key = sealKeyOf('a key')
const never = new AbortController().signal

/** A server with the one route, as another replica has it. */
async function serve(t: Test, how: 'well' | 'silently' | 'oddly'): Promise<string> {
  const { desk } = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
  const route = { desk, keys: () => [key], clock: () => 5 }
  const server: Server = createServer(authority.issue('replica', [serverName]))
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await request.toArray()).toString()
    if (how === 'silently') return
    t.equal(`${request.method} ${request.url}`, `POST ${claimPath}`)
    const seal = String(request.headers[sealHeader])
    const reply = await answerClaim(route, { body, seal }, never)
    response.statusCode = reply.status
    response.end(how === 'oddly' ? 'x'.repeat(5000) : JSON.stringify(reply.body))
  }
  server.on('request', (request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

function options(t: Test, more: Partial<ClaimClientOptions> = {}): ClaimClientOptions {
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  const trust = (): { ca: string; serverName: string } => ({ ca: authority.cert, serverName })
  return { keys: () => [key], clock: () => 5, agent, trust, ...more }
}

t.test('claimClient() asks another replica', async t => {
  const peer = claimClient(await serve(t, 'well'), options(t))
  t.equal(await peer.claim('10.96.0.9', 'a/b', never), 'granted')
  t.equal(await peer.claim('10.96.0.9', 'c/d', never), 'taken')
  await t.rejects(peer.claim('web', 'c/d', never), { message: /answered 400/ })
})

t.test('claimClient() trusts and is trusted by its own alone', async t => {
  const replica = await serve(t, 'well')
  const ask = (more: Partial<ClaimClientOptions>): Promise<string> =>
    claimClient(replica, options(t, more)).claim('10.96.0.9', 'a/b', never)
  const ca = new CertificateAuthority('another').cert
  await t.rejects(ask({ keys: () => [sealKeyOf('another')] }), { message: /answered 401/ })
  await t.rejects(ask({ keys: () => [] }), { message: /no key/ })
  await t.rejects(ask({ trust: () => ({ ca, serverName }) }), { message: /certificate/ })
  const wrongName = { ca: authority.cert, serverName: 'other.signpost.svc' }
  await t.rejects(ask({ trust: () => wrongName }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
})

t.test('claimClient() gives up when it is told to, and takes no nonsense', async t => {
  const silent = claimClient(await serve(t, 'silently'), options(t))
  await t.rejects(silent.claim('10.96.0.9', 'a/b', AbortSignal.timeout(20)))
  const odd = claimClient(await serve(t, 'oddly'), options(t))
  await t.rejects(odd.claim('10.96.0.9', 'a/b', never), { message: /too long/ })
  const nobody = claimClient('127.0.0.1:1', options(t))
  await t.rejects(nobody.claim('10.96.0.9', 'a/b', never), { code: 'ECONNREFUSED' })
})
