import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { decoded, framed, plainQuery, TcpClient } from '../support/dns-client.ts'
import { serveTable } from '../support/served-table.ts'

const web = 'web.default.svc.cluster.local'

t.test('a connection is closed on what no DNS client sends', async t => {
  await using server = await serveTable()
  const cases: readonly [what: string, bytes: Buffer][] = [
    ['length 0', Buffer.from([0, 0])],
    ['a message of 11 bytes', framed(Buffer.alloc(11))],
    ['a reply', framed(Buffer.from('123481000000000000000000', 'hex'))],
  ]
  for (const [what, bytes] of cases) {
    using client = await TcpClient.open(server.binding)
    client.socket.write(bytes)
    t.same(await client.replies(1), [], what)
    t.ok(client.isClosed, what)
  }
})

t.test('an error reply does not end the connection', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  client.send(Buffer.from('123401000000000000000000', 'hex'), plainQuery(web))
  const [error, answer] = await client.replies(2)
  t.equal(error?.toString('hex'), '123481010000000000000000')
  t.match(decoded(answer), { rcode: 'NOERROR', answers: [{ data: '10.0.0.1' }] })
})

t.test('a query may come byte by byte', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  for (const byte of framed(plainQuery(web))) {
    client.socket.write(Buffer.from([byte]))
    await delay(1)
  }
  t.match(decoded((await client.replies(1))[0]), { rcode: 'NOERROR' })
})

t.test('20 queries in one segment get 20 replies', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  client.send(...Array.from({ length: 20 }, (_, id) => plainQuery(web, 'A', id)))
  const ids = (await client.replies(20)).map(reply => reply.readUInt16BE(0))
  t.same(
    ids.sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, id) => id),
  )
})

t.test('a client that has shut its side still gets its reply', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  client.socket.end(framed(plainQuery('1-2-3-4.default.pod.cluster.local')))
  t.match(decoded((await client.replies(1))[0]), { answers: [{ data: '1.2.3.4' }] })
  await client.replies(2)
  t.ok(client.isClosed, 'then the server shuts its side too')
})

t.test('long answers come whole and compressed', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  client.send(
    plainQuery('most.default.svc.cluster.local'),
    plainQuery('huge.default.svc.cluster.local'),
  )
  const [most, huge] = await client.replies(2)
  t.ok(most!.length <= 3300, `${most!.length} bytes`)
  t.equal(decoded(most).answers?.length, 200)
  t.equal(decoded(huge).answers?.length, 4000)
})

t.test('a slow client that pipelines long answers gets all of them', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  client.socket.pause()
  client.send(
    ...Array.from({ length: 60 }, (_, id) => plainQuery('huge.default.svc.cluster.local', 'A', id)),
  )
  client.socket.end()
  await delay(300)
  client.socket.resume()
  const replies = await client.replies(60)
  t.equal(replies.length, 60)
  t.ok(replies.every(reply => reply.length > 64_000))
})

t.test('a connection ends after as many queries as `timeouts` allows', async t => {
  await using server = await serveTable({ connections: { maxQueries: 2 } })
  using client = await TcpClient.open(server.binding)
  client.send(...[1, 2, 3].map(id => plainQuery(web, 'A', id)))
  const replies = await client.replies(3)
  t.same(
    replies.map(reply => reply.readUInt16BE(0)),
    [1, 2],
  )
  t.ok(client.isClosed)
})

t.test('a connection without a query ends after the time that `timeouts` says', async t => {
  await using server = await serveTable({ connections: { idleMs: 50 } })
  using client = await TcpClient.open(server.binding)
  t.same(await client.replies(1), [])
  t.ok(client.isClosed)
})

t.test('AXFR is refused', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  client.send(plainQuery('cluster.local', 'AXFR'))
  t.match(decoded((await client.replies(1))[0]), { rcode: 'REFUSED', answers: [] })
})

t.test('a message that trickles is given up after two seconds', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  const startedAt = performance.now()
  const trickle = setInterval(() => client.socket.write(Buffer.from([1])), 100)
  t.same(await client.replies(1), [])
  clearInterval(trickle)
  t.ok(client.isClosed)
  t.ok(performance.now() - startedAt > 1500)
})

t.test('a client that never reads costs no memory without bound', async t => {
  await using server = await serveTable()
  using client = await TcpClient.open(server.binding)
  const { rss } = process.memoryUsage()
  client.socket.pause()
  const query = framed(plainQuery('huge.default.svc.cluster.local'))
  // 4,000 replies of 64 KB: 256 MB if all of them were kept.
  for (let sent = 0; sent < 200 && client.socket.writable; sent++) {
    client.socket.write(Buffer.concat(Array.from({ length: 20 }, () => query)))
    await delay(2)
  }
  using other = await TcpClient.open(server.binding)
  other.send(plainQuery(web))
  t.match(decoded((await other.replies(1))[0]), { rcode: 'NOERROR' }, 'others are still answered')
  t.ok(process.memoryUsage().rss < rss + (60 << 20), 'what was not read is not kept')
})
