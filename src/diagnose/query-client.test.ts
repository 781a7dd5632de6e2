import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import packet from 'dns-packet'
import t, { type Test } from 'tap'
import { queryServer, type QueryOptions } from './query-client.ts'

/** Replies to give for a query, in order; none for silence. */
type Answer = (query: Buffer) => readonly Buffer[]

function replyTo(
  query: Buffer,
  { name = 'web.test', flags = 0, address = '10.0.0.1' } = {},
): Buffer {
  return packet.encode({
    type: 'response',
    id: query.readUInt16BE(0),
    flags,
    questions: [{ type: 'A', name }],
    answers: [{ type: 'A', name, data: address }],
  })
}

function withId(message: Buffer, difference: number): Buffer {
  const copy = Buffer.from(message)
  copy.writeUInt16BE((message.readUInt16BE(0) + difference) & 0xffff)
  return copy
}

/** A server with the same port for UDP and TCP. */
async function serve(t: Test, answers: { udp?: Answer; tcp?: Answer }): Promise<QueryOptions> {
  const tcp = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', data => {
      const replies = answers.tcp?.(data.subarray(2)) ?? []
      for (const reply of replies) {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(reply.length)
        socket.write(Buffer.concat([length, reply]))
      }
      if (replies.length === 0) socket.end()
    })
  })
  tcp.listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const { port } = tcp.address() as AddressInfo
  const udp = createSocket('udp4')
  udp.bind(port, '127.0.0.1')
  await once(udp, 'listening')
  udp.on('message', (query, client) => {
    for (const reply of answers.udp?.(query) ?? []) udp.send(reply, client.port, client.address)
  })
  t.teardown(() => {
    udp.close()
    tcp.close()
  })
  const server = { address: '127.0.0.1', family: 'IPv4' as const, port }
  return { server, name: 'web.test', type: 1, transport: 'udp' }
}

t.test('queryServer() takes the reply to its own question only', async t => {
  const cases: readonly [what: string, answer: Answer][] = [
    [
      'another id first',
      query => [withId(replyTo(query, { address: '6.6.6.6' }), 1), replyTo(query)],
    ],
    [
      'another question first',
      query => [replyTo(query, { name: 'evil.test', address: '6.6.6.6' }), replyTo(query)],
    ],
    ['a query first', query => [query, replyTo(query)]],
    ['a message of 11 bytes first', query => [query.subarray(0, 11), replyTo(query)]],
    ['the question in other letters', query => [replyTo(query, { name: 'WEB.test' })]],
  ]
  for (const [what, udp] of cases) {
    const { reply, transport } = await queryServer(await serve(t, { udp }))
    t.match(
      { transport, answers: reply.answers },
      { transport: 'udp', answers: [{ data: '10.0.0.1' }] },
      what,
    )
  }
})

t.test('queryServer() asks again over TCP when the reply is cut', async t => {
  const options = await serve(t, {
    udp: query => [replyTo(query, { flags: packet.TRUNCATED_RESPONSE })],
    tcp: query => [replyTo(query, { address: '10.0.0.2' })],
  })
  const { reply, transport } = await queryServer(options)
  t.match(
    { transport, answers: reply.answers },
    { transport: 'tcp', answers: [{ data: '10.0.0.2' }] },
  )
})

t.test('queryServer() asks again when a datagram is lost', async t => {
  let asked = 0
  const options = await serve(t, { udp: query => (++asked < 2 ? [] : [replyTo(query)]) })
  t.match((await queryServer({ ...options, timeoutMs: 200 })).reply.answers, [{ data: '10.0.0.1' }])
})

t.test('queryServer() tells an error without a question', async t => {
  const header = (query: Buffer): Buffer =>
    Buffer.concat([query.subarray(0, 2), Buffer.from('80010000000000000000', 'hex')])
  const { reply } = await queryServer(await serve(t, { udp: query => [header(query)] }))
  t.match(reply, { rcode: 'FORMERR' })
})

t.test('queryServer() rejects when nothing usable comes', async t => {
  const nowhere = await serve(t, {})
  const closed = createSocket('udp4')
  closed.bind(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address()
  await new Promise<void>(resolve => closed.close(resolve))
  const garbage = (query: Buffer): Buffer => {
    const reply = Buffer.concat([query, Buffer.from([0xc0])])
    reply[2] = 0x80
    reply.writeUInt16BE(9, 6)
    return reply
  }
  const cases: readonly [options: Partial<QueryOptions>, message: RegExp, code: string][] = [
    [{ server: { ...nowhere.server, port } }, /over udp: nothing listens there$/, 'no-reply'],
    [
      { server: { ...nowhere.server, port }, transport: 'tcp' },
      /over tcp: nothing listens/,
      'no-reply',
    ],
    [{ transport: 'tcp' }, /over tcp: the connection was closed without a reply$/, 'no-reply'],
    [{ ...(await serve(t, { udp: query => [garbage(query)] })) }, /not a DNS message/, 'no-reply'],
    [{ name: 'a..b' }, /^"a\.\.b" is no domain name/, 'question'],
    [{ name: `${'x'.repeat(64)}.a` }, /is no domain name/, 'question'],
    [{ name: `${'x.'.repeat(127)}xx` }, /is no domain name/, 'question'],
  ]
  for (const [options, message, code] of cases)
    await t.rejects(queryServer({ ...nowhere, ...options }), { message, code }, String(message))
})

t.test('queryServer() gives up on silence after three tries', async t => {
  let asked = 0
  const options = await serve(t, { udp: () => (asked++, []) })
  await t.rejects(queryServer({ ...options, timeoutMs: 100 }), {
    code: 'no-reply',
    message: /over udp: no reply in time$/,
  })
  t.equal(asked, 3)
})
