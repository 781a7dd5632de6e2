/** A reply of many messages to a client that does not read: how much the server holds for it. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { AnswerReader } from '../../src/answers/answer-reader.ts'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { TableAnswers } from '../../src/answers/table-answers.ts'
import type { ResourceRecord } from '../../src/dns/resource-record.ts'
import { parseName } from '../../src/dns/wire-name.ts'
import { Chain } from '../../src/plugins/chain.ts'
import type { Handler } from '../../src/plugins/handler.ts'
import { BlockRouter } from '../../src/server/block-router.ts'
import { QueryPipeline } from '../../src/server/query-pipeline.ts'
import { ServedBlock } from '../../src/server/served-block.ts'
import { TcpConnection } from '../../src/server/tcp-connection.ts'
import { plainQuery, TcpClient } from '../support/dns-client.ts'

/** Together more than the buffers of both sockets take. */
const messages = 600
const recordBytes = 60_000
/** The connection waits for its client from 64 KiB on, and has written one message more by then. */
const boundBytes = 2 * (64 << 10)

t.test('a transfer is written no faster than its client reads', async t => {
  let written = 0
  let mostHeldBytes = 0
  let socket: Socket | undefined
  const name = parseName('example.')!
  const answers: readonly ResourceRecord[] = [
    { name, type: 65_280, ttlSeconds: 5, rdata: new Uint8Array(recordBytes) },
  ]
  function* moreAnswers(): Iterable<readonly ResourceRecord[]> {
    for (written = 1; written < messages; written++) {
      mostHeldBytes = Math.max(mostHeldBytes, socket!.writableLength)
      yield answers
    }
  }
  const handle: Handler = () => ({
    rcode: 0,
    authoritative: true,
    answers,
    moreAnswers: moreAnswers(),
  })
  const chain = new Chain([{ name: 'test', handle }])
  const serving = {
    pipeline: new QueryPipeline({
      table: new TableAnswers(new AnswerReader(new AnswerWriter().buffer, 0), 1),
      nowMs: () => 0,
      onFault: error => t.fail(String(error)),
    }),
    router: new BlockRouter([new ServedBlock([name], chain)]),
    transport: 'tcp' as const,
    limits: {},
  }
  const stalled = Promise.withResolvers<void>()
  const server = createServer({ allowHalfOpen: true }, accepted => {
    socket = accepted
    accepted.once('pause', () => stalled.resolve())
    TcpConnection.serve(accepted, () => serving)
  })
  t.teardown(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  using client = await TcpClient.open({ scheme: 'dns', family: 'IPv4', address: '127.0.0.1', port })

  client.socket.pause()
  client.send(plainQuery('example', 'AXFR'))
  await stalled.promise
  for (let i = 0; i < 10; i++) await turn()
  t.ok(written < messages, `${written} of ${messages} messages while nothing is read`)
  client.socket.resume()
  t.equal((await client.replies(messages)).length, messages, 'the whole of it comes in the end')
  t.ok(mostHeldBytes <= boundBytes, `at most ${mostHeldBytes} bytes held`)
})
