import t from 'tap'
import { AskedAdmission, reviewOf } from '../../test/support/admission-client.ts'
import type { PeerRoute } from './admission-peer.ts'

t.test('a peer is given what was sent, and has its own limit', async t => {
  const echo: PeerRoute = {
    maxBodyBytes: 100,
    answer: async ({ body, headers }, signal) => {
      if (body === 'throw') throw new Error('secret')
      return {
        status: body === '' ? 401 : 200,
        body: { body, seal: headers['seal'], aborted: signal.aborted },
      }
    },
  }
  const asked = await AskedAdmission.open(t, {
    reviewers: new Map(),
    peers: new Map([['/claims', echo]]),
  })
  const ask = async (body: string, headers = {}): ReturnType<typeof asked.ask> =>
    await asked.ask({
      path: '/claims',
      body,
      headers: { 'content-type': 'application/json', seal: 's', ...headers },
    })
  const { status, text } = await ask('{"__proto__":1 }')
  t.equal(status, 200)
  t.same(JSON.parse(text), { body: '{"__proto__":1 }', seal: 's', aborted: false })
  t.equal((await ask('')).status, 401)
  t.equal((await ask('x'.repeat(101))).status, 413)
  t.equal((await ask('x', { 'content-type': 'text/plain' })).status, 415)
  t.equal((await ask('throw')).status, 500)
  t.notMatch(asked.logged.join(), 'secret')
  t.equal((await asked.ask({ path: '/claims', method: 'GET' })).status, 405)
  t.equal((await asked.review(reviewOf(), { path: '/pods' })).status, 404)
})
