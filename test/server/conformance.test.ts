/** The cases of the cluster zone once more, asked over the wire of a running server. */
import { once } from 'node:events'
import t from 'tap'
import { caseTables } from '../conformance/case-tables.ts'
import { upserts } from '../support/cluster-objects.ts'
import { conformanceCluster } from '../support/conformance-cluster.ts'
import { TcpClient } from '../support/dns-client.ts'
import { askOverUdp } from '../support/dns-subject.ts'
import { type Ask, checkCases } from '../support/query-cases.ts'
import { ServedZone } from '../support/served-zone.ts'

const server = await ServedZone.start({ count: 2 })
server.apply(upserts(...conformanceCluster))
t.teardown(() => server[Symbol.asyncDispose]())

/** One connection for all questions, one at a time. */
function askOverTcp(client: TcpClient): Ask {
  return async message => {
    const count = client.messages.length + 1
    client.send(message)
    while (client.messages.length < count && !client.isClosed) await once(client.socket, 'reply')
    return client.messages[count - 1]
  }
}

for (const [name, cases] of Object.entries(caseTables)) {
  t.test(`${name} over UDP`, async t =>
    checkCases(t, askOverUdp(`127.0.0.1:${server.binding.port}`), cases),
  )
  t.test(`${name} over TCP`, async t => {
    using client = await TcpClient.open(server.binding)
    await checkCases(t, askOverTcp(client), cases)
  })
}

t.test('nothing went wrong', async t => t.strictSame(server.logged, []))
