/** A Corefile that changes while questions come in. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { releaseMemory } from '../src/server/release-memory.ts'
import { encodeQuery } from './support/query-cases.ts'
import { askUdp, decoded } from './support/dns-client.ts'
import { ServedCorefile } from './support/served-corefile.ts'

const known = 'web.default.svc.cluster.local'

function corefile(ttl: number, more = ''): string {
  return `.:53 {
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    ttl ${ttl}
  }
  ${more}
}
`
}

async function ttlOf(server: ServedCorefile): Promise<unknown> {
  const { answers = [] } = decoded(await askUdp(server.binding, encodeQuery(`${known} A`)))
  return (answers[0] as { ttl?: number } | undefined)?.ttl
}

t.test('a changed Corefile is in force after its reload, on the same sockets', async t => {
  for (const workers of [1, 2]) {
    await using server = await ServedCorefile.start(corefile(5), { workers })
    const { port } = server.binding
    t.equal(await ttlOf(server), 5)
    await server.reload(corefile(7))
    t.equal(await ttlOf(server), 7)
    t.equal(server.binding.port, port)
    await server.reload(`${corefile(7)}# another comment`)
    t.strictSame(
      server.logged.filter(line => line.includes('Reloading')),
      ['[INFO] Reloading', '[INFO] Reloading complete'],
      'a comment is no change',
    )
  }
})

t.test('`multisocket` says how many serving threads there are', async t => {
  await using server = await ServedCorefile.start(
    corefile(5, 'multisocket 3\n  prometheus 127.0.0.1:0'),
  )
  t.equal(server.server.threads, 3)
  t.equal(await ttlOf(server), 5)
})

t.test('a Corefile that cannot be served leaves the one in force, and is told once', async t => {
  await using server = await ServedCorefile.start(corefile(5))
  for (const bad of ['. {', corefile(5000), corefile(5, 'bogus'), 'grpc://. {\n}', '']) {
    server.logged.length = 0
    await server.reload(bad)
    await server.server.reload()
    t.match(server.logged, [/^\[ERROR\] plugin\/reload: Corefile not changed: .*Corefile:\d+: /])
    t.equal(server.logged.length, 1)
    t.equal(await ttlOf(server), 5, bad)
  }
  await server.reload(corefile(6))
  t.equal(await ttlOf(server), 6, 'mended')
})

t.test('no question is lost while the Corefile changes', async t => {
  await using server = await ServedCorefile.start(corefile(5), { workers: 2 })
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  socket.setRecvBufferSize(4 << 20)
  const waiting = new Set<number>()
  const rcodes = new Set<number>()
  socket.on('message', reply => {
    waiting.delete(reply.readUInt16BE(0))
    rcodes.add(reply[3]! & 15)
  })
  const { port, address } = server.binding
  let sent = 0
  const send = setInterval(() => {
    for (let i = 0; i < 25; i++) {
      const id = sent++ & 0xffff
      waiting.add(id)
      socket.send(encodeQuery(`${known} A`, id), port, address)
    }
  }, 5)
  for (let ttl = 6; ttl < 26; ttl++) {
    await server.reload(corefile(ttl))
    await delay(20)
  }
  clearInterval(send)
  const signal = AbortSignal.timeout(5000)
  while (waiting.size > 0 && !signal.aborted) await delay(5)
  t.equal(waiting.size, 0, `none of ${sent} was lost`)
  t.strictSame([...rcodes], [0])
  t.equal(await ttlOf(server), 25)
})

t.test('1,000 reloads leave nothing behind', async t => {
  await using server = await ServedCorefile.start(corefile(5))
  const measure = (): { heapMb: number; resources: number } => {
    releaseMemory()
    const { heapUsed, external } = process.memoryUsage()
    return {
      heapMb: (heapUsed + external) / 2 ** 20,
      resources: process.getActiveResourcesInfo().length,
    }
  }
  const rounds = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await server.reload(corefile(5 + (i & 1)))
  }
  await rounds(200)
  const before = measure()
  await rounds(800)
  const after = measure()
  t.ok(after.heapMb - before.heapMb < 4, `${before.heapMb} MB, then ${after.heapMb} MB`)
  t.equal(after.resources, before.resources)
  t.equal(await ttlOf(server), 6)
})
