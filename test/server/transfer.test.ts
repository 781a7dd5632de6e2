/** Zone transfers over real sockets: from the store in this thread to a client. Slow ones: slow-reader.test.ts. */
import packet from 'dns-packet'
import t from 'tap'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { ServingThreads } from '../../src/server/serving-threads.ts'
import { ServiceStore } from '../../src/store/service-store.ts'
import { zoneTransfer } from '../../src/zone/zone-transfer.ts'
import { namespace, service, upserts } from '../support/cluster-objects.ts'
import { framed, plainQuery, TcpClient } from '../support/dns-client.ts'
import { quietThreads, servingConfiguration } from '../support/serving-configuration.ts'

const corefile = '. {\n kubernetes cluster.local\n transfer {\n to 127.0.0.1\n }\n}'

async function serve(services: number): Promise<ServingThreads> {
  const store = new ServiceStore()
  const delta = store.apply(
    upserts(
      namespace('default'),
      ...Array.from({ length: services }, (_, i) =>
        service(`default/service-with-a-longer-name-${i}`, {
          ips: [`10.1.${i >> 8}.${i & 255}`],
          ports: ['http:80'],
        }),
      ),
    ),
  )
  return ServingThreads.start({
    ...quietThreads(),
    count: 1,
    configuration: servingConfiguration(new AnswerWriter(), corefile),
    answer: (topic, argument) =>
      topic === 'transfer' &&
      zoneTransfer({}, delta, { ...(argument as { zone: string }), serial: 7 }),
  })
}

/** Reads messages until the second SOA. */
async function readTransfer(client: TcpClient): Promise<string[]> {
  const lines: string[] = []
  let soas = 0
  for (let read = 0; soas < 2; read++) {
    const message = (await client.replies(read + 1))[read]
    if (!message) break
    for (const { name, type } of packet.decode(message).answers ?? []) {
      lines.push(`${name} ${type}`)
      if (type === 'SOA') soas++
    }
  }
  return lines
}

t.test('a zone of several megabytes comes whole', async t => {
  const threads = await serve(8000)
  t.teardown(() => threads.close())
  using client = await TcpClient.open(threads.bindings[0]!)
  client.send(plainQuery('cluster.local', 'AXFR'))
  const lines = await readTransfer(client)
  t.equal(lines.length, 8000 * 4 + 4)
  t.equal(new Set(lines).size, lines.length - 1, 'only the SOA comes twice')
  client.send(plainQuery('cluster.local', 'SOA', 9))
  const all = await client.replies(client.messages.length + 1)
  t.equal(all.at(-1)!.readUInt16BE(0), 9, 'the connection goes on')
})

t.test('a client that goes away in the middle does no harm', async t => {
  const threads = await serve(3000)
  t.teardown(() => threads.close())
  {
    using client = await TcpClient.open(threads.bindings[0]!)
    client.send(plainQuery('cluster.local', 'AXFR'))
    await client.replies(1)
  }
  using other = await TcpClient.open(threads.bindings[0]!)
  other.send(plainQuery('cluster.local', 'AXFR'))
  t.equal((await readTransfer(other)).length, 3000 * 4 + 4)
})

t.test('IXFR says what the client has', async t => {
  const threads = await serve(1)
  t.teardown(() => threads.close())
  using client = await TcpClient.open(threads.bindings[0]!)
  const question = plainQuery('cluster.local', 'IXFR')
  question.writeUInt16BE(1, 8)
  const soa = Buffer.from(`c00c00060001000000000016000000000007${'00000000'.repeat(4)}`, 'hex')
  client.socket.write(framed(Buffer.concat([question, soa])))
  const [reply] = await client.replies(1)
  t.equal(packet.decode(reply!).answers?.length, 1)
})
