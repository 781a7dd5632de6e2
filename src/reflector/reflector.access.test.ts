/** Who asks, whom, and what is said where that does not work. */
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { firstCertificate, secondCertificate } from '../../test/support/api-certificates.ts'
import { FakeApiServer } from '../../test/support/fake-api-server.ts'
import {
  ReflectedCollection,
  type ReflectedOptions,
} from '../../test/support/reflected-collection.ts'
import { putService } from '../../test/support/reflector-cases.ts'
import { until } from '../../test/support/until.ts'
import type { ApiAccess } from './api-access.ts'
import type { ApiResource } from './api-resource.ts'

const slices: ApiResource = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  pageSize: 100,
}

t.test('a certificate authority that is replaced is trusted with the next connection', async t => {
  await using server = await FakeApiServer.open(firstCertificate)
  let ca = firstCertificate.cert
  const access: ApiAccess = {
    server: server.url,
    connect: async () => ({ base: new URL(server.url), options: { ca } }),
  }
  putService(server, 'a')
  await using seen = new ReflectedCollection(server, { access })
  await seen.equal()
  server.setCertificate(secondCertificate)
  putService(server, 'b')
  await seen.equal()
  server.hangUp()
  putService(server, 'c')
  await until('the new one is refused', () => seen.troubles.length > 0)
  t.equal(seen.objects.size, 2, 'what is known is kept')
  t.equal(seen.troubles[0]!.kind, 'tls')
  t.match(seen.troubles[0]!.message, `Cannot reach "${server.url}": self-signed certificate`)
  ca = secondCertificate.cert
  await seen.equal()
  await seen.stop()
  t.equal(seen.said.at(-1), 'settled watching')
  t.ok(seen.said.includes('healed'))
})

t.test('a token that is replaced, and one that is missing for a moment', async t => {
  await using server = await FakeApiServer.open()
  let accepted = 'first'
  let token = 'first'
  let refused = 0
  const access: ApiAccess = {
    server: server.url,
    connect: async last => {
      if (last === 'refused') refused++
      if (token === '') throw new Error('"/var/run/token" is empty')
      const headers = { authorization: `Bearer ${token}` }
      return { base: new URL(server.url), options: { headers } }
    },
  }
  server.behave = call => {
    if (call.request.headers.authorization === `Bearer ${accepted}`) call.serve()
    else call.refuse(401, { reason: 'Unauthorized', message: 'Unauthorized' })
  }
  await using seen = new ReflectedCollection(server, { access })
  await seen.equal()
  accepted = 'second'
  server.hangUp()
  putService(server, 'a')
  await until('the old one is refused', () => seen.troubles.length === 1)
  token = ''
  await until('the empty one is refused', () => seen.troubles.length === 2)
  token = accepted
  await seen.equal()
  t.same(seen.troubles, [
    {
      kind: 'unauthorized',
      message: `Cannot watch "services" at "${server.url}": Unauthorized`,
      status: 401,
    },
    {
      kind: 'credentials',
      message: `Cannot read the credentials for "${server.url}": "/var/run/token" is empty`,
    },
  ])
  t.notMatch(JSON.stringify(seen.troubles), 'first')
  t.ok(refused > 0, 'who connects hears that the token is of no use')
  const last = refused
  server.hangUp()
  await until(
    'it has asked again',
    () => seen.requests.at(-1) === 200 && seen.requests.includes(401),
  )
  t.equal(refused, last, 'and not when it is')
})

t.test('each request has the headers and the path of the access', async t => {
  await using server = await FakeApiServer.open()
  const base = new URL(`${server.url}/behind/a/proxy/`)
  const connect: ApiAccess['connect'] = async () => ({ base, options: { headers: { a: 'b' } } })
  server.behave = call => call.refuse(500)
  const resource = { ...slices, namespace: 'x', labelSelector: 'a=b,c', fieldSelector: 'd!=e' }
  await using seen = new ReflectedCollection(server, {
    access: { server: server.url, connect },
    resource,
  })
  await until('it has asked', () => server.calls.length > 0)
  await seen.stop()
  const { url, headers } = server.calls[0]!.request
  const path = '/behind/a/proxy/apis/discovery.k8s.io/v1/namespaces/x/endpointslices?'
  t.equal(url!.slice(0, path.length), path)
  t.same(server.calls[0]!.query.get('labelSelector'), 'a=b,c')
  t.same(server.calls[0]!.query.get('fieldSelector'), 'd!=e')
  t.match(headers, {
    a: 'b',
    accept: 'application/json',
    'accept-encoding': 'identity',
    // Kept connections would keep old certificates.
    connection: 'close',
  })
})

/** What is said of an answer that is no success, once. */
const refusals: readonly {
  readonly name: string
  readonly code: number
  readonly fields: object
  readonly kind: string
  readonly says: string
}[] = [
  {
    name: 'forbidden',
    code: 403,
    fields: {
      message:
        'endpointslices.discovery.k8s.io is forbidden: User "system:serviceaccount:kube-system:coredns" cannot watch resource "endpointslices" in API group "discovery.k8s.io" at the cluster scope',
    },
    kind: 'forbidden',
    says: 'endpointslices.discovery.k8s.io is forbidden: User "system:serviceaccount:kube-system:coredns" cannot watch resource "endpointslices" in API group "discovery.k8s.io" at the cluster scope',
  },
  {
    name: 'an API that the cluster does not have',
    code: 404,
    fields: {},
    kind: 'missing',
    says: 'the cluster does not have the API discovery.k8s.io/v1 (needs Kubernetes 1.21)',
  },
  {
    name: 'an error of the server',
    code: 500,
    fields: { message: 'etcdserver:\n\u001b[31mno leader' },
    kind: 'server',
    says: 'etcdserver: [31mno leader',
  },
  { name: 'no words', code: 503, fields: {}, kind: 'server', says: 'HTTP status 503' },
]

for (const { name, code, fields, kind, says } of refusals) {
  t.test(`a refusal is said once, in the words of the server: ${name}`, async t => {
    await using server = await FakeApiServer.open()
    server.behave = call => call.refuse(code, { ...fields })
    await using seen = new ReflectedCollection(server, { resource: slices })
    await until('it has been refused often', () => server.calls.length > 4)
    await seen.stop()
    const message = `Cannot watch "endpointslices.discovery.k8s.io" at "${server.url}": ${says}`
    t.same(seen.troubles, [{ kind, message, status: code }])
  })
}

/** What is said where nothing answers, once. */
async function troubleWith(url: string, options: ReflectedOptions = {}): Promise<object> {
  await using server = await FakeApiServer.open()
  const access = { server: url, connect: async () => ({ base: new URL(url), options: {} }) }
  await using seen = new ReflectedCollection(server, { ...options, access })
  await until('there is trouble', () => seen.troubles.length > 0)
  return seen.troubles[0]!
}

t.test('a server that is not there', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.close()
  await once(server, 'close')
  const message = `Cannot reach "${url}": connection refused (ECONNREFUSED)`
  t.same(await troubleWith(url), { kind: 'network', message })
})

t.test('a server that takes connections and says nothing', async t => {
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer(socket => sockets.add(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const message = `Cannot reach "${url}": no connection within 0.05 s`
  t.same(await troubleWith(url, { timing: { connectMs: 50 } }), { kind: 'network', message })
  for (const socket of sockets) socket.destroy()
  server.close()
})

t.test('a server that does not speak TLS, and one that speaks nothing else', async t => {
  await using plain = await FakeApiServer.open()
  t.match(await troubleWith(`https://127.0.0.1:${plain.port}`), { kind: 'tls' })
  await using secure = await FakeApiServer.open(firstCertificate)
  t.match(await troubleWith(`http://127.0.0.1:${secure.port}`), { kind: /^(?:network|protocol)$/ })
})

t.test('credentials that never come', async t => {
  await using server = await FakeApiServer.open()
  const { promise } = Promise.withResolvers<never>()
  const access: ApiAccess = { server: server.url, connect: async () => promise }
  await using seen = new ReflectedCollection(server, { access, timing: { silenceMs: 20 } })
  await until('there is trouble', () => seen.troubles.length > 0)
  t.match(seen.troubles[0], { kind: 'credentials', message: /did not come in time/ })
})
