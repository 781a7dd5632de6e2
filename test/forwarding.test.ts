/** Names outside the cluster through the whole program: serving threads, cache, upstreams. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import packet from 'dns-packet'
import { type Behaviour, FakeUpstream } from './support/fake-upstream.ts'
import { encodeQuery } from './support/query-cases.ts'
import { askUdp, decoded } from './support/dns-client.ts'
import { ServedCorefile } from './support/served-corefile.ts'

function corefile(to: string, more = ''): string {
  return `.:53 {
  errors
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    fallthrough in-addr.arpa ip6.arpa
  }
  forward . ${to}
  cache 30
  loadbalance
  ${more}
}
`
}

function answerWith(address: string): Behaviour {
  return query => {
    const { id, questions } = query.decoded
    const [{ name }] = questions as unknown as [{ name: string }]
    const answers = [{ type: 'A' as const, name, ttl: 60, data: address }]
    query.send(packet.encode({ type: 'response', id, questions, answers }))
  }
}

t.test('50 clients that ask for one uncached name at once cause one upstream query', async t => {
  await using upstream = await FakeUpstream.open(query => {
    setTimeout(answerWith('192.0.2.1'), 100, query)
  })
  await using server = await ServedCorefile.start(corefile(upstream.to), { workers: 2 })
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, id) =>
      askUdp(server.binding, encodeQuery('www.example.org A', id), { patienceMs: 3000 }),
    ),
  )
  for (const reply of replies) t.match(decoded(reply), { answers: [{ data: '192.0.2.1' }] })
  t.strictSame(upstream.asked, ['udp www.example.org A'])
})

t.test('a reload keeps the cache', async t => {
  await using upstream = await FakeUpstream.open(answerWith('192.0.2.1'))
  await using server = await ServedCorefile.start(corefile(upstream.to), { workers: 2 })
  const ask = async (): Promise<unknown> =>
    decoded(await askUdp(server.binding, encodeQuery('www.example.org A'), { patienceMs: 3000 }))
  t.match(await ask(), { answers: [{ data: '192.0.2.1' }] })
  await server.reload(corefile(upstream.to, 'minimal'))
  t.match(server.logged.at(-1), 'Reloading complete')
  t.match(await ask(), { answers: [{ data: '192.0.2.1' }] })
  t.equal(upstream.asked.length, 1)
})

t.test('an alias that leads out of the cluster is followed', async t => {
  await using upstream = await FakeUpstream.open(answerWith('192.0.2.7'))
  const alias = `
apiVersion: v1
kind: Service
metadata: {name: ext}
spec: {type: ExternalName, externalName: www.example.org}
`
  await using server = await ServedCorefile.start(corefile(upstream.to), {
    manifests: { 'ext.yaml': alias },
  })
  const name = 'ext.default.svc.cluster.local'
  t.match(decoded(await askUdp(server.binding, encodeQuery(`${name} A`), { patienceMs: 3000 })), {
    answers: [
      { type: 'CNAME', name, data: 'www.example.org' },
      { type: 'A', name: 'www.example.org', data: '192.0.2.7' },
    ],
  })
})

t.test('a silent upstream costs cluster names nothing', async t => {
  await using upstream = await FakeUpstream.open(() => {})
  await using server = await ServedCorefile.start(corefile(upstream.to), { workers: 2 })
  const { port, address } = server.binding
  const flood = createSocket('udp4').on('error', () => {})
  t.teardown(() => flood.close())
  flood.bind(0, '127.0.0.1')
  await once(flood, 'listening')
  let sent = 0
  const sending = setInterval(() => {
    for (let i = 0; i < 20; i++) {
      flood.send(encodeQuery(`n${sent++}.example.org A`), port, address)
    }
  }, 10)
  t.teardown(() => clearInterval(sending))
  await delay(1000)
  let lost = 0
  for (let i = 0; i < 200; i++) {
    const reply = await askUdp(server.binding, encodeQuery('web.default.svc.cluster.local A', i))
    if (!reply || decoded(reply).answers?.length !== 1) lost++
  }
  t.equal(lost, 0, `of 200, beside ${sent} names for the silent upstream`)
})
