/** A server that is fed rubbish, loses threads, or whose cluster changes all the time goes on with right answers. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import type { Change } from '../../src/objects/change.ts'
import { endpoint, namespace, service, slice, upserts } from '../support/cluster-objects.ts'
import { conformanceCluster } from '../support/conformance-cluster.ts'
import { askUdp, decoded, ednsQuery, framed, plainQuery, TcpClient } from '../support/dns-client.ts'
import { randomOf, seed } from '../support/random.ts'
import { ServedZone } from '../support/served-zone.ts'

const known = 'svc1.testns.svc.cluster.local'

async function answers(server: ServedZone): Promise<boolean> {
  const reply = await askUdp(server.binding, plainQuery(known))
  return reply !== undefined && decoded(reply).answers?.length === 1
}

/** What a broken or hostile client may send: from nearly right to noise. */
function rubbish(random: (below: number) => number): Buffer {
  const names = [
    known,
    '*.svc1',
    '_http._tcp.hdls1.testns.svc.cluster.local',
    '1.0.0.10.in-addr.arpa',
    '.',
  ]
  const types = ['A', 'AAAA', 'SRV', 'PTR', 'ANY', 'AXFR', 'OPT', 'TSIG']
  const make = random(2) === 0 ? plainQuery : ednsQuery
  let message = make(names[random(names.length)]!, types[random(types.length)])
  switch (random(6)) {
    case 0:
      return Buffer.from(Array.from({ length: random(600) }, () => random(256)))
    case 1:
      message = message.subarray(0, random(message.length + 1))
      break
    case 2:
      message = Buffer.concat([message, Buffer.alloc(random(40), random(256))])
      break
    case 3:
      // Counts that the message does not hold.
      message[4 + random(8)] = random(256)
      break
    default:
  }
  for (let flips = random(4); flips > 0 && message.length > 2; flips--)
    message[2 + random(message.length - 2)] = random(256)
  return message
}

t.test(`20,000 packets of rubbish (SEED=${seed})`, async t => {
  await using server = await ServedZone.start({ count: 2 })
  server.apply(upserts(...conformanceCluster))
  const random = randomOf(seed)
  const socket = createSocket('udp4')
  socket.connect(server.binding.port, server.binding.address)
  await once(socket, 'connect')
  let replies = 0
  const wrong: string[] = []
  socket.on('message', reply => {
    replies++
    if (reply.length > 1232 || reply.length < 12 || (reply[2]! & 0x80) === 0)
      wrong.push(reply.toString('hex'))
  })
  for (let sent = 0; sent < 20_000; sent++) {
    socket.send(rubbish(random))
    // Not faster than it is read: what the kernel drops tests nothing.
    if (sent % 50 === 49 && !(await answers(server))) wrong.push(`silent after ${sent + 1}`)
  }
  socket.close()
  t.same(wrong, [], 'every reply is one and small, and real queries are answered')
  t.ok(replies > 5000, `${replies} replies`)
  t.same(server.logged, [], 'nothing was a fault of ours')
})

t.test('rubbish over TCP costs a connection at most', async t => {
  await using server = await ServedZone.start()
  server.apply(upserts(...conformanceCluster))
  const huge = Buffer.alloc(65_535, 0x3f)
  huge[2] = 0
  const cases: readonly (readonly [what: string, bytes: Buffer])[] = [
    ['a message of 65,535 bytes', framed(huge)],
    [
      'a query with 65,000 bytes behind it',
      framed(Buffer.concat([plainQuery(known), Buffer.alloc(65_000)])),
    ],
    ['half a message', framed(huge).subarray(0, 30_000)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
  ]
  for (const [what, bytes] of cases) {
    using client = await TcpClient.open(server.binding)
    client.socket.end(bytes)
    using other = await TcpClient.open(server.binding)
    other.send(plainQuery(known))
    t.match(decoded((await other.replies(1))[0]), { rcode: 'NOERROR' }, `${what}: others go on`)
  }
  t.same(server.logged, [])
})

t.test('a serving thread that dies is started again and the others go on', async t => {
  const entry = new URL('../support/mortal-worker.ts', import.meta.url)
  const channel = new BroadcastChannel('mortal')
  t.teardown(() => channel.close())
  const born: unknown[] = []
  channel.addEventListener('message', event => born.push((event as MessageEvent).data))
  for (const count of [2, 1]) {
    born.length = 0
    await using server = await ServedZone.start({ count, entry })
    server.apply(upserts(...conformanceCluster))
    const alive = async (births: number): Promise<void> => {
      const signal = AbortSignal.timeout(10_000)
      while (born.length < births && !signal.aborted) await delay(5)
      while (!(await answers(server)) && !signal.aborted) await delay(5)
      t.ok(!signal.aborted, `${count} threads: ${born.join(', ')}`)
    }
    await alive(count)
    for (let thread = 0; thread < count; thread++) {
      channel.postMessage(`die ${thread}`)
      while (server.logged.length <= thread) await delay(1)
      t.match(server.logged[thread], /a serving thread died .*it was told to/)
      if (count > 1) t.ok(await answers(server), 'another one answers meanwhile')
      await alive(count + thread + 1)
    }
    t.equal(server.logged.length, count, 'nothing else happened')
  }
})

t.test('500 Services replaced every 100 ms: each reply is the old one or the new one', async t => {
  const count = 500
  const generation = (number: number): Change[] =>
    Array.from({ length: count }, (_, i) =>
      upserts(
        service(`default/s${i}`, { ips: ['None'], ports: ['http:80'] }),
        slice(`default/s${i}/a`, {
          ports: ['http:80'],
          endpoints: [1, 2, 3].map(part =>
            endpoint(`10.${number}.${i >> 8}.${(i & 255) ^ (part << 6)}`),
          ),
        }),
      ),
    ).flat()
  await using server = await ServedZone.start({ count: 2 })
  server.apply([...upserts(namespace('default')), ...generation(0)])
  const words = new Int32Array(new SharedArrayBuffer(12))
  const names = Array.from({ length: count }, (_, i) => `s${i}.default.svc.cluster.local`)
  const asker = new Worker(new URL('../support/asking-worker.ts', import.meta.url), {
    workerData: { port: server.binding.port, names, words },
  })
  t.teardown(() => asker.terminate())
  for (let number = 1; number <= 20; number++) {
    await delay(100)
    // Readers see the new generation name by name while it is applied.
    Atomics.store(words, 1, number)
    server.apply(generation(number))
    Atomics.store(words, 0, number)
  }
  Atomics.store(words, 2, 1)
  const [{ replies, wrong }] = (await once(asker, 'message')) as [
    { replies: number; wrong: string[] },
  ]
  t.same(wrong.slice(0, 5), [])
  t.ok(replies > 2000, `${replies} replies`)
  t.same(server.logged, [])
})
